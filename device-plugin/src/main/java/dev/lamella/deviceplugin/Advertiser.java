package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.container.Injector;
import dev.lamella.deviceplugin.health.Continuity;
import dev.lamella.deviceplugin.health.Faults;
import dev.lamella.deviceplugin.inventory.DriverEvent;
import dev.lamella.deviceplugin.inventory.DriverLoop;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.kubelet.KubeletSession;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From what NVML shows, holds and faults to what the kubelet is offered. The kubelet is served only
 * after what is held and assigned already is known, or was waited for long enough.
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

  private final Supplier<Settings> settings;
  private final Terms terms;
  private final AllocationBook book;
  private final Injector injector;
  private final NodeView view;
  private final HealthNews news;
  private final InstantSource clock;
  private final Rebuilding rebuilding;
  private final Opening opening;
  private final Consumer<String> onFatal;
  private final Faults faults;
  private boolean rebuilt;
  private Inventory found;
  private Inventory steady = Inventory.none("NVML has not been asked yet");
  private Offering latest = Offering.none("NVML has not been asked yet");
  private Set<String> cordoned = Set.of();
  private KubeletSession session;
  private boolean closed;

  Advertiser(Parts parts, Rebuilding rebuilding, Opening opening, Consumer<String> onFatal) {
    this.settings = parts.settings();
    this.terms = parts.terms();
    this.book = parts.book();
    this.injector = parts.injector();
    this.view = parts.view();
    this.news = parts.news();
    this.clock = parts.clock();
    this.rebuilding = rebuilding;
    this.opening = opening;
    this.onFatal = onFatal;
    this.faults = new Faults(xid -> true, Duration.ZERO);
    judge(settings.get());
  }

  /** What it reads and tells. */
  record Parts(
      Supplier<Settings> settings,
      Terms terms,
      AllocationBook book,
      Injector injector,
      NodeView view,
      HealthNews news,
      InstantSource clock) {}

  @Override
  public void found(Inventory inventory) {
    try {
      if (!rebuilt) {
        rebuilding.await();
        rebuilt = true;
      }
      synchronized (this) {
        found = inventory;
        show();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The settings are others. */
  synchronized void settingsChanged() {
    judge(settings.get());
    if (found != null) {
      show();
    }
  }

  private void judge(Settings now) {
    faults.judge(now.health()::matters, Duration.ofSeconds(now.health().recoverAfterSeconds()));
  }

  /** The operator keeps new pods away from these GPUs and slices, by UUID. */
  synchronized void cordoned(Set<String> uuids) {
    boolean news = !cordoned.equals(uuids);
    cordoned = Set.copyOf(uuids);
    if (news && found != null) {
      show();
    }
  }

  @Override
  public synchronized void struck(DriverEvent event) {
    List<String> slices = faults.strike(event, steady, clock.instant());
    news.struck(event, slices);
    show();
  }

  /** What containers hold may have changed: a slice that is gone is shown only while it is held. */
  synchronized void holdsChanged() {
    if (found != null) {
      show();
    }
  }

  private void show() {
    if (closed) {
      return;
    }
    Set<String> held = new HashSet<>();
    book.holds().forEach(hold -> held.add(hold.device().slice()));
    steady = Continuity.over(steady, found, held::contains);
    Inventory shown = faults.applied(steady, clock.instant());
    Offering now = terms.of(shown, settings.get(), cordoned);
    if (session != null && now.equals(latest)) {
      return;
    }
    Offering before = latest;
    latest = now;
    say(before, now);
    offer(now);
    news.changed(before.inventory(), shown);
  }

  private static void say(Offering before, Offering now) {
    now.naming().problems().stream()
        .filter(problem -> !before.naming().problems().contains(problem))
        .forEach(problem -> LOG.warn("{}", problem));
    now.sharesWaiting().stream()
        .filter(change -> !before.sharesWaiting().contains(change))
        .forEach(change -> LOG.warn("{}", change));
  }

  private void offer(Offering now) {
    Inventory inventory = now.inventory();
    Catalogue catalogue = now.catalogue();
    try {
      injector.update(inventory, now.delivery());
    } catch (IOException e) {
      onFatal.accept("the CDI spec cannot be written: " + e);
      return;
    }
    book.offer(catalogue);
    view.found(now);
    LOG.info(
        "{} slices on {} GPUs, {} of them unhealthy, driver {}",
        catalogue.offers().size(),
        inventory.gpus().size(),
        inventory.reasons().size(),
        inventory.driverVersion());
    if (session != null) {
      session.offer(catalogue);
      return;
    }
    try {
      session = opening.open(catalogue);
      view.session(session::state);
    } catch (IOException e) {
      onFatal.accept("the kubelet cannot be served: " + e);
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
