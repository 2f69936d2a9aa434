package dev.lamella.deviceplugin.inventory;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlEvents;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's events: watched anew when a GPU appears, handed to the driver's thread, and named by
 * UUIDs instead of handles. Owned by the driver's thread.
 */
final class Events {

  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  private final Watchdog watchdog;
  private final Runnable look;
  private final Queue<NvmlEvent> waiting = new ConcurrentLinkedQueue<>();
  private final Map<NvmlDevice, String> handles = new HashMap<>();
  private List<String> problems = List.of();
  private EventWatch watch;

  /**
   * @param look asks the driver's thread to look again: an event waits, or a GPU was lost
   */
  Events(Watchdog watchdog, Runnable look) {
    this.watchdog = watchdog;
    this.look = look;
  }

  /** Watches what was found; the inventory comes back with what cannot be watched. */
  Inventory watch(Nvml nvml, Discovery.Found found) {
    if (watch == null || !handles.keySet().containsAll(found.handles().keySet())) {
      stopWatch();
      handles.putAll(found.handles());
      open(nvml);
    }
    return found.inventory().withProblems(problems);
  }

  private void open(Nvml nvml) {
    List<String> now = new ArrayList<>();
    try {
      NvmlEvents events = watchdog.guard("opening the events", nvml::openEvents);
      events
          .unwatched()
          .forEach((gpu, why) -> now.add("GPU " + gpu + "'s faults will not be seen: " + why));
      watch = new EventWatch(events, watchdog, this::happened, look);
    } catch (NvmlException e) {
      if (e.status() == NvmlStatus.LIB_RM_VERSION_MISMATCH) {
        throw e;
      }
      now.add("the GPUs' faults will not be seen: " + e.getMessage());
    }
    problems = List.copyOf(now);
  }

  private void happened(NvmlEvent event) {
    waiting.add(event);
    look.run();
  }

  /** The events since last asked, oldest first. */
  List<DriverEvent> taken() {
    List<DriverEvent> taken = new ArrayList<>();
    for (NvmlEvent event = waiting.poll(); event != null; event = waiting.poll()) {
      String gpu = handles.get(event.gpu());
      if (gpu == null || event.type() == NvmlEvent.Type.OTHER) {
        LOG.warn("an event that means nothing here: {}", event);
        continue;
      }
      boolean xid = event.type() == NvmlEvent.Type.XID;
      taken.add(
          new DriverEvent(
              gpu,
              xid ? OptionalLong.of(event.data()) : OptionalLong.empty(),
              event.gpuInstanceId(),
              event.computeInstanceId()));
    }
    return taken;
  }

  private boolean stopWatch() {
    boolean stopped = watch == null || watch.stop();
    watch = null;
    return stopped;
  }

  /**
   * Stops watching; handles mean nothing once NVML is shut down.
   *
   * @return whether no thread is inside NVML any more
   */
  boolean stop() {
    waiting.clear();
    handles.clear();
    return stopWatch();
  }
}
