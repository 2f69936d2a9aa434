package dev.lamella.deviceplugin.inventory;

import dev.lamella.deviceplugin.loop.Backoff;
import dev.lamella.deviceplugin.loop.Loop;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlEvents;
import dev.lamella.nvml.NvmlException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the driver's events, on a thread of its own. */
final class EventWatch {

  private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);

  /** Short enough for {@link Loop#stop}: a wait inside NVML cannot be interrupted. */
  private static final Duration WAIT = Duration.ofMillis(500);

  private final NvmlEvents events;
  private final Watchdog watchdog;
  private final Consumer<NvmlEvent> onEvent;
  private final Runnable onFault;
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
  private final Loop loop;
  private String trouble = "";

  /**
   * @param onFault called when waiting fails, as it does when a GPU is lost: look again
   */
  EventWatch(NvmlEvents events, Watchdog watchdog, Consumer<NvmlEvent> onEvent, Runnable onFault) {
    this.events = events;
    this.watchdog = watchdog;
    this.onEvent = onEvent;
    this.onFault = onFault;
    this.loop = Loop.start("nvml-events", this::step);
  }

  private Duration step() {
    try {
      Optional<NvmlEvent> event = watchdog.guard("the wait for events", () -> events.next(WAIT));
      event.ifPresent(onEvent);
      backoff.worked();
      trouble = "";
      return Duration.ZERO;
    } catch (NvmlException e) {
      if (!e.getMessage().equals(trouble)) {
        LOG.warn("waiting for the driver's events failed, it is tried on: {}", e.getMessage());
        trouble = e.getMessage();
      }
      onFault.run();
      return backoff.failed();
    }
  }

  /**
   * Ends the wait.
   *
   * @return whether it has ended; if not, it hangs inside NVML, which must not be shut down then
   */
  boolean stop() {
    if (!loop.stop()) {
      LOG.warn("the wait for the driver's events hangs; NVML is left open");
      return false;
    }
    try {
      events.close();
    } catch (NvmlException e) {
      LOG.warn("the driver's events were not closed: {}", e.getMessage());
    }
    return true;
  }
}
