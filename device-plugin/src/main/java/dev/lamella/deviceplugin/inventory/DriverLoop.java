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
 * Opens NVML and finds what there is; without a driver it tries on until there is one. The only
 * thread that calls NVML.
 */
public final class DriverLoop implements AutoCloseable {

  /** Who is told. */
  public interface Listener {

    /** What was found; without a driver nothing, and why. */
    void found(Inventory inventory);

    /** What cannot be cured inside this process. */
    void fatal(String why);
  }

  private static final Logger LOG = LoggerFactory.getLogger(DriverLoop.class);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration NEVER = Duration.ofDays(1);

  private final NvmlSource source;
  private final Path procRoot;
  private final Path sysRoot;
  private final Listener listener;
  private final Loop loop;
  private Nvml open;
  private List<String> said = List.of();

  private DriverLoop(NvmlSource source, Path procRoot, Path sysRoot, Listener listener) {
    this.source = source;
    this.procRoot = procRoot;
    this.sysRoot = sysRoot;
    this.listener = listener;
    this.loop = Loop.start("driver", this::step);
  }

  /** Starts to look, in the background. */
  public static DriverLoop start(
      NvmlSource source, Path procRoot, Path sysRoot, Listener listener) {
    return new DriverLoop(source, procRoot, sysRoot, listener);
  }

  private Duration step() {
    try {
      if (open == null) {
        open = source.open();
      }
      Inventory inventory = Discovery.inventory(open, sysRoot);
      say(inventory.problems());
      listener.found(inventory);
      return NEVER;
    } catch (NvmlException e) {
      shutDown();
      if (e.status() == NvmlStatus.LIB_RM_VERSION_MISMATCH) {
        listener.fatal("the driver was replaced under this process: " + e.getMessage());
        return NEVER;
      }
      Inventory none = Inventory.none("no GPUs: " + e.getMessage() + kernelModule());
      say(none.problems());
      listener.found(none);
      return RETRY;
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
      problems.forEach(problem -> LOG.warn("{}", problem));
      said = problems;
    }
  }

  private void shutDown() {
    if (open != null) {
      try {
        open.close();
      } catch (NvmlException e) {
        LOG.warn("NVML was not shut down: {}", e.getMessage());
      }
      open = null;
    }
  }

  @Override
  public void close() {
    if (loop.stop()) {
      shutDown();
    } else {
      LOG.warn("a call of NVML hangs; NVML is left open");
    }
  }
}
