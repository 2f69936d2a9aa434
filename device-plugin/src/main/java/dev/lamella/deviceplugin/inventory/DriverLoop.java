package dev.lamella.deviceplugin.inventory;

import dev.lamella.deviceplugin.loop.Loop;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens NVML, finds what there is, and looks again and again: instances come and go, and so does
 * the driver. The only thread that calls NVML, but for the one that waits for events.
 */
public final class DriverLoop implements AutoCloseable {

  /** Who is told, on this loop's thread. */
  public interface Listener {

    /** What was found; without a driver nothing, and why. */
    void found(Inventory inventory);

    /** A fault that the driver reported; what was found last is at most an instant old. */
    void struck(DriverEvent event);

    /** What cannot be cured inside this process. May be called by another thread. */
    void fatal(String why);
  }

  /**
   * How often, how long and how closely.
   *
   * @param every between two looks
   * @param deadline how long NVML may take for opening, for one look, or for a wait
   * @param uncut whether a GPU with MIG on counts as one slice all the same
   */
  public record Looks(Duration every, Duration deadline, boolean uncut) {}

  private static final Logger LOG = LoggerFactory.getLogger(DriverLoop.class);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration NEVER = Duration.ofDays(1);

  private final NvmlSource source;
  private final Path procRoot;
  private final Path sysRoot;
  private final Looks looks;
  private final Listener listener;
  private final Measuring measuring;
  private final Watchdog watchdog;
  private final Events events;
  private final Loop loop;
  private Nvml open;
  private List<String> said = List.of();

  private DriverLoop(
      NvmlSource source,
      Path procRoot,
      Path sysRoot,
      Looks looks,
      Listener listener,
      Measuring measuring) {
    this.source = source;
    this.procRoot = procRoot;
    this.sysRoot = sysRoot;
    this.looks = looks;
    this.listener = listener;
    this.measuring = measuring;
    this.watchdog = new Watchdog(looks.deadline(), listener::fatal);
    this.events = new Events(watchdog, this::look);
    this.loop = Loop.start("driver", this::step);
  }

  /**
   * Starts to look, in the background.
   *
   * @param measuring asked after each look whether there is something to measure
   */
  public static DriverLoop start(
      NvmlSource source,
      Path procRoot,
      Path sysRoot,
      Looks looks,
      Listener listener,
      Measuring measuring) {
    return new DriverLoop(source, procRoot, sysRoot, looks, listener, measuring);
  }

  private void look() {
    loop.ask();
  }

  private Duration step() {
    try {
      if (open == null) {
        open = watchdog.guard("opening NVML", source::open);
      }
      Discovery.Found found =
          watchdog.guard("looking for GPUs", () -> Discovery.find(open, sysRoot, looks.uncut()));
      Inventory inventory = events.watch(open, found);
      say(inventory.problems());
      listener.found(inventory);
      events.taken().forEach(listener::struck);
      Duration due =
          watchdog.guard(
              "measuring", () -> measuring.measure(open, found.inventory(), found.devices()));
      return due.compareTo(looks.every()) < 0 ? due : looks.every();
    } catch (NvmlException e) {
      shutDown();
      if (e.status() == NvmlStatus.LIB_RM_VERSION_MISMATCH) {
        listener.fatal("the driver was replaced under this process: " + e.getMessage());
        return NEVER;
      }
      Inventory none = Inventory.none("no GPUs: " + e.getMessage() + kernelModule());
      say(none.problems());
      listener.found(none);
      return RETRY.compareTo(looks.every()) < 0 ? RETRY : looks.every();
    }
  }

  private String kernelModule() {
    Path version = procRoot.resolve("driver/nvidia/version");
    return Files.exists(version)
        ? "; the kernel module is loaded"
        : "; the kernel module is not loaded either (" + version + " does not exist)";
  }

  private void say(List<String> problems) {
    if (!problems.equals(said)) {
      problems.stream().filter(p -> !said.contains(p)).forEach(p -> LOG.warn("{}", p));
      said = problems;
    }
  }

  private void shutDown() {
    if (open != null) {
      watchdog.guard(
          "giving samples back",
          () -> {
            measuring.closing();
            return open;
          });
    }
    if (events.stop() && open != null) {
      try {
        open.close();
      } catch (NvmlException e) {
        LOG.warn("NVML was not shut down: {}", e.getMessage());
      }
    }
    open = null;
  }

  @Override
  public void close() {
    if (loop.stop()) {
      shutDown();
    } else {
      LOG.warn("a call of NVML hangs; NVML is left open");
    }
    watchdog.close();
  }
}
