package dev.lamella.deviceplugin.metrics;

import dev.lamella.core.api.GpuNodeStatus;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.function.Supplier;

/** The daemon's metrics, in a registry of its own: several daemons may live in one JVM. */
public final class NodeMetrics {

  private final CollectorRegistry registry = new CollectorRegistry();
  private final XidCounts xids = new XidCounts();

  private final Counter allocations =
      counter("allocations", "Allocate calls answered, by result.", "resource", "result");
  private final Counter fallbacks =
      counter(
          "preference_fallbacks",
          "Containers whose devices were chosen without an assignment that matched.",
          "resource");
  private final Counter registrations =
      counter("registrations", "Registrations with the kubelet.", "resource", "result");
  private final Counter reconnects =
      counter("pod_watch_reconnects", "Times that the watch on this node's pods broke off.");
  private final Counter brokenAssignments =
      counter("ignored_assignments", "Pods whose assignment could not be read.");

  /**
   * @param node the node's name, for the label
   * @param report the latest report; its slices are shown at each scrape
   */
  public NodeMetrics(String node, Supplier<GpuNodeStatus> report) {
    registry.register(new SliceCollector(node, report, xids));
  }

  CollectorRegistry registry() {
    return registry;
  }

  /**
   * @param result granted, or a reason in snake case
   */
  public void allocated(String resource, String result) {
    allocations.labels(resource, result).inc();
  }

  public void fellBack(String resource) {
    fallbacks.labels(resource).inc();
  }

  public void registered(String resource, boolean accepted) {
    registrations.labels(resource, accepted ? "accepted" : "failed").inc();
  }

  public void reconnected() {
    reconnects.inc();
  }

  public void ignoredAssignment() {
    brokenAssignments.inc();
  }

  /** The driver reported an Xid that means a slice. */
  public void xid(String slice, long xid) {
    xids.add(slice, xid);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.build("lamella_node_" + name + "_total", help)
        .labelNames(labels)
        .register(registry);
  }
}
