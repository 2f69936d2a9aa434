package dev.lamella.extender.http;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.extender.decide.FilterAnswer;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import java.util.List;
import java.util.function.Supplier;

/** What the extender measures of itself and of the tenants. */
public final class ExtenderMetrics {

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Histogram seconds =
      Histogram.build("lamella_extender_request_seconds", "Time to answer kube-scheduler, by verb.")
          .labelNames("verb")
          .buckets(.0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5)
          .register(registry);
  private final Counter rejections =
      Counter.build("lamella_extender_rejections_total", "Nodes ruled out for a pod, by the rule.")
          .labelNames("rule")
          .register(registry);
  private final Counter binds =
      Counter.build("lamella_extender_binds_total", "Binds asked for, by what became of them.")
          .labelNames("result")
          .register(registry);

  public ExtenderMetrics(Supplier<Snapshot> snapshot) {
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return tenants(snapshot.get());
          }
        });
  }

  /** Everything measured. */
  public CollectorRegistry registry() {
    return registry;
  }

  Histogram.Timer time(String verb) {
    return seconds.labels(verb).startTimer();
  }

  void filtered(FilterAnswer answer) {
    answer
        .rejected()
        .values()
        .forEach(reason -> rejections.labels(reason.rule().name().toLowerCase()).inc());
  }

  void bound(boolean done) {
    binds.labels(done ? "bound" : "refused").inc();
  }

  private static List<Collector.MetricFamilySamples> tenants(Snapshot snapshot) {
    GaugeMetricFamily compute =
        new GaugeMetricFamily(
            "lamella_tenant_compute_slices_used",
            "Compute slices charged to a tenant.",
            List.of("tenant"));
    GaugeMetricFamily pods =
        new GaugeMetricFamily(
            "lamella_tenant_pods", "Bound pods of a tenant that hold slices.", List.of("tenant"));
    for (TenantUsage usage : snapshot.usages().values()) {
      List<String> labels = List.of(usage.tenant().name());
      compute.addMetric(labels, Double.parseDouble(usage.used().compute()));
      pods.addMetric(labels, usage.ranked().size());
    }
    GaugeMetricFamily ignored =
        new GaugeMetricFamily(
            "lamella_extender_contradictions",
            "Assignments and slices of a node that are ignored as contradictory.",
            List.of("node"));
    for (NodeState node : snapshot.nodes()) {
      ignored.addMetric(List.of(node.name()), node.contradictions().size());
    }
    return List.of(compute, pods, ignored);
  }
}
