package dev.lamella.extender.metrics;

import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.extender.decide.Blocked;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Pods that wait for slices. Their ages change without a snapshot's doing. */
final class QueueCollector {

  private static final double MILLIS = 1000.0;

  private QueueCollector() {}

  /** What waits for one tenant. */
  private record Queue(int pods, long oldest) {

    Queue and(Queue other) {
      return new Queue(pods + other.pods, Math.min(oldest, other.oldest));
    }
  }

  /**
   * @param now in milliseconds since the epoch
   */
  static List<MetricFamilySamples> collect(Snapshot snapshot, List<Blocked> blocked, long now) {
    Map<String, Queue> queues = new TreeMap<>();
    Map<String, Integer> devices = new TreeMap<>();
    for (Tenant tenant : snapshot.tenants().all()) {
      queues.put(tenant.name(), new Queue(0, now));
    }
    for (Blocked each : blocked) {
      Tenant tenant = snapshot.tenants().of(each.pod().ref().namespace());
      queues.merge(tenant.name(), new Queue(1, each.since()), Queue::and);
      each.pod()
          .needs()
          .totals()
          .forEach((resource, count) -> devices.merge(resource.text(), count, Integer::sum));
    }
    Families families = new Families();
    families
        .gauge("extender_blocked_pods", "Pods that were refused on every node and wait.")
        .addMetric(List.of(), blocked.size());
    GaugeMetricFamily pending =
        families.gauge(
            "extender_pending_devices",
            "Devices that blocked pods ask for: what an autoscaler would have to add.",
            "resource");
    devices.forEach((resource, count) -> pending.addMetric(List.of(resource), count));
    GaugeMetricFamily waiting =
        families.gauge("tenant_waiting_pods", "Blocked pods of the tenant.", "tenant");
    GaugeMetricFamily oldest =
        families.gauge(
            "tenant_oldest_waiting_seconds",
            "How long the tenant's longest-waiting pod has been blocked; 0 if none is.",
            "tenant");
    queues.forEach(
        (tenant, queue) -> {
          waiting.addMetric(List.of(tenant), queue.pods());
          oldest.addMetric(List.of(tenant), Math.max(0, now - queue.oldest()) / MILLIS);
        });
    return families.all();
  }
}
