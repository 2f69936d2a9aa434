package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.inventory.DriverLoop;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.kubelet.KubeletSession;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From what NVML shows to what the kubelet is offered. The kubelet is served only after what is
 * held and assigned already is known, or was waited for long enough.
 */
final class Advertiser implements DriverLoop.Listener, AutoCloseable {

  /** Starts a session with the kubelet over a first catalogue. */
  @FunctionalInterface
  interface Opening {
    KubeletSession open(Catalogue first) throws IOException;
  }

  /** Waits, within limits, for pods and holds to be known. */
  @FunctionalInterface
  interface Rebuilding {
    void await() throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Advertiser.class);

  private final Settings settings;
  private final Consumer<Catalogue> book;
  private final NodeView view;
  private final Rebuilding rebuilding;
  private final Opening opening;
  private final Consumer<String> onFatal;
  private Inventory latest;
  private KubeletSession session;
  private boolean closed;

  Advertiser(
      Settings settings,
      Consumer<Catalogue> book,
      NodeView view,
      Rebuilding rebuilding,
      Opening opening,
      Consumer<String> onFatal) {
    this.settings = settings;
    this.book = book;
    this.view = view;
    this.rebuilding = rebuilding;
    this.opening = opening;
    this.onFatal = onFatal;
  }

  @Override
  public void found(Inventory inventory) {
    try {
      rebuilding.await();
      offer(inventory, Catalogue.of(inventory.gpus(), settings::sharesOf));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      onFatal.accept("the kubelet cannot be served: " + e);
    }
  }

  private synchronized void offer(Inventory inventory, Catalogue catalogue) throws IOException {
    if (closed || inventory.equals(latest)) {
      return;
    }
    latest = inventory;
    book.accept(catalogue);
    view.found(inventory, catalogue);
    LOG.info(
        "found {} slices on {} GPUs, driver {}",
        catalogue.offers().size(),
        inventory.gpus().size(),
        inventory.driverVersion());
    if (session == null) {
      session = opening.open(catalogue);
      view.session(session::state);
    } else {
      session.offer(catalogue);
    }
  }

  @Override
  public void fatal(String why) {
    onFatal.accept(why);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (session != null) {
      session.close();
    }
  }
}
