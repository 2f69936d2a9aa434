package dev.lamella.deviceplugin.kubelet;

import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Reading;
import dev.lamella.deviceplugin.loop.Backoff;
import dev.lamella.deviceplugin.loop.Loop;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the book true to what the kubelet's pod-resources show: soon after something happened, and
 * every ten seconds. A pod that ended and still shows is asked after again at once, since a slice
 * is reused only when the report no longer names it.
 */
public final class Readings implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Readings.class);
  private static final Duration SLOWLY = Duration.ofSeconds(10);

  /** Events come in bursts; and right after Allocate the kubelet has not noted it yet. */
  private static final Duration SOON = Duration.ofMillis(20);

  private static final Duration ENDED_POD_SHOWS = Duration.ofMillis(200);

  /** A kubelet that is busy admitting notes what it took later than {@link #SOON}. */
  private static final Duration UNCONFIRMED = Duration.ofSeconds(1);

  private static final Duration EXHAUSTED = Duration.ofSeconds(1);

  private final PodResources source;
  private final AllocationBook book;
  private final Supplier<String> podResourceVersion;
  private final Runnable onRead;
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), SLOWLY);
  private final CountDownLatch first = new CountDownLatch(1);
  private final Loop loop;
  private volatile String observed;
  private volatile OptionalLong showedPods = OptionalLong.empty();
  private String trouble = "";

  private Readings(
      PodResources source, AllocationBook book, Supplier<String> version, Runnable onRead) {
    this.source = source;
    this.book = book;
    this.podResourceVersion = version;
    this.onRead = onRead;
    this.loop = Loop.start("pod-resources", this::step);
  }

  /**
   * Starts with a reading.
   *
   * @param kubeletDir the kubelet's root, usually /var/lib/kubelet
   * @param podResourceVersion how far the pod watch has come; empty without one
   * @param onRead called after each try, whether or not the kubelet answered
   */
  public static Readings start(
      UnixSockets sockets,
      Path kubeletDir,
      AllocationBook book,
      Supplier<String> podResourceVersion,
      Runnable onRead) {
    PodResources source = new PodResources(sockets, kubeletDir);
    return new Readings(source, book, podResourceVersion, onRead);
  }

  /** Something happened: what is held may have changed. */
  public void somethingHappened() {
    loop.ask(SOON);
  }

  /** How far the pod watch had come when the latest reading was started; null before any. */
  public String observedPodResourceVersion() {
    return observed;
  }

  /** Whether the first reading was taken, or there is nobody to ask, within a time. */
  public boolean awaitFirst(Duration limit) throws InterruptedException {
    return !source.present() || first.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Whether the kubelet has listed any pod when it was asked after a moment, or there is nobody to
   * ask; if not, it is asked again.
   *
   * @param nanos of System.nanoTime
   */
  public boolean showedPodsSince(long nanos) {
    OptionalLong latest = showedPods;
    if (!source.present() || latest.isPresent() && latest.getAsLong() - nanos >= 0) {
      return true;
    }
    loop.ask(SOON);
    return false;
  }

  private Duration step() {
    Duration pause = read();
    onRead.run();
    return pause;
  }

  private Duration read() {
    if (!source.present()) {
      say(source.socket() + " does not exist");
      return SLOWLY;
    }
    String version = podResourceVersion.get();
    long started = System.nanoTime();
    try {
      PodResources.Listing listing = source.list();
      book.reconcile(new Reading(listing.held(), started, version));
      if (listing.pods() > 0) {
        showedPods = OptionalLong.of(started);
      }
    } catch (StatusRuntimeException e) {
      say(e.getStatus().toString());
      boolean exhausted = e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
      return exhausted ? EXHAUSTED : backoff.failed();
    }
    observed = version.isEmpty() ? null : version;
    say("");
    backoff.worked();
    first.countDown();
    if (book.awaitsRelease()) {
      return ENDED_POD_SHOWS;
    }
    return book.awaitsConfirmation() ? UNCONFIRMED : SLOWLY;
  }

  private void say(String now) {
    if (!now.isEmpty() && trouble.isEmpty()) {
      LOG.warn("the kubelet does not say what is held, it is asked on: {}", now);
    } else if (now.isEmpty() && !trouble.isEmpty()) {
      LOG.info("the kubelet says again what is held");
    }
    trouble = now;
  }

  @Override
  public void close() {
    loop.close();
    source.close();
  }
}
