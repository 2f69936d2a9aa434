package dev.lamella.deviceplugin.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The daemon's metrics, in a registry of its own: several daemons may live in one JVM. */
public final class NodeMetrics {

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CollectorRegistry registry = new CollectorRegistry();
  private final XidCounts xids = new XidCounts();

  private final Counter allocations =
      counter("allocations", "Allocate calls answered, by result.", "resource", "result");
  private final Histogram kubeletCalls =
      Histogram.build(
              "lamella_node_kubelet_call_seconds",
              "Time to answer the kubelet, waiting for the pod's assignment included.")
          .labelNames("call", "resource")
          .buckets(.0005, .001, .005, .025, .1, .5, 1, 2.5)
          .register(registry);
  private final Counter fallbacks =
      counter(
          "preference_fallbacks",
          "Containers whose devices were chosen without an assignment that matched.",
          "resource");
  private final Counter mismatches =
      counter(
          "mismatches_corrected",
          "Devices found in the hands of a pod that was assigned others; the report says who has"
              + " them.");
  private final Counter registrations =
      counter("registrations", "Registrations with the kubelet.", "resource", "result");
  private final Counter reconnects =
      counter("pod_watch_reconnects", "Times that the watch on this node's pods broke off.");
  private final Counter brokenAssignments =
      counter("ignored_assignments", "Pods whose assignment could not be read.");
  private final Histogram nvmlCalls =
      Histogram.build("lamella_node_nvml_call_seconds", "Time that NVML took, by call.")
          .labelNames("call")
          .buckets(.0001, .001, .01, .1, 1, 10)
          .register(registry);
  private final Counter nvmlErrors =
      counter(
          "nvml_errors",
          "Calls of NVML that failed, without those that a device does not support.",
          "function",
          "status");

  /**
   * @param node the node's name, for the label
   * @param picture what is known now, from memory; shown at each scrape
   */
  public NodeMetrics(String node, Supplier<Picture> picture) {
    registry.register(new NodeCollector(node, picture));
    registry.register(new SliceCollector(node, picture, xids));
    registry.register(new PodCollector(node, picture));
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

  /**
   * @param call allocate or preferred_allocation
   */
  public void answered(String call, String resource, long nanos) {
    kubeletCalls.labels(call, resource).observe(nanos / NANOS);
  }

  public void fellBack(String resource) {
    fallbacks.labels(resource).inc();
  }

  /** A pod was found to hold a device that it was not assigned. */
  public void mismatched() {
    mismatches.inc();
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

  public void nvmlCalled(String call, long nanos) {
    nvmlCalls.labels(call).observe(nanos / NANOS);
  }

  /**
   * @param function of NVML
   * @param status its status' name
   */
  public void nvmlFailed(String function, String status) {
    nvmlErrors.labels(function, status).inc();
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
