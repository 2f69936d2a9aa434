package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.inventory.DriverEvent;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.metrics.NodeMetrics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what happened to slices: in the log, in metrics, and as events of the Node. */
final class HealthNews {

  /** Where events of the Node go. */
  @FunctionalInterface
  interface NodeLog {

    /**
     * @param reason one CamelCase word
     */
    void say(boolean warning, String reason, String message);
  }

  private static final Logger LOG = LoggerFactory.getLogger(HealthNews.class);

  private final NodeMetrics metrics;
  private final Usage usage;
  private final Bell bell;
  private final NodeLog node;

  HealthNews(NodeMetrics metrics, Usage usage, Bell bell, NodeLog node) {
    this.metrics = metrics;
    this.usage = usage;
    this.bell = bell;
    this.node = node;
  }

  /**
   * The driver reported a fault.
   *
   * @param slices UUIDs of the slices that it means
   */
  void struck(DriverEvent event, List<String> slices) {
    LOG.warn(
        "{} on {}, {}: {}",
        event.what(),
        event.gpu(),
        event.gpuInstance().isPresent()
            ? "GPU instance " + event.gpuInstance().getAsInt()
            : "all of it",
        slices.isEmpty() ? "no slice of ours" : slices);
    event.xid().ifPresent(xid -> slices.forEach(slice -> metrics.xid(slice, xid)));
  }

  /** Other slices are shown, or others are healthy. */
  void changed(Inventory before, Inventory now) {
    usage.found(now);
    bell.slicesChanged();
    Map<String, String> reasons = new TreeMap<>(now.reasons());
    reasons.forEach(
        (slice, why) -> {
          if (!why.equals(before.reasons().get(slice))) {
            LOG.warn("slice {} is unhealthy: {}", slice, why);
            node.say(true, "SliceUnhealthy", "slice " + slice + " is unhealthy: " + why);
          }
        });
    for (String slice : new TreeSet<>(before.reasons().keySet())) {
      if (!reasons.containsKey(slice) && now.addresses().containsKey(slice)) {
        LOG.info("slice {} is healthy again", slice);
        node.say(false, "SliceHealthy", "slice " + slice + " is healthy again");
      }
    }
  }
}
