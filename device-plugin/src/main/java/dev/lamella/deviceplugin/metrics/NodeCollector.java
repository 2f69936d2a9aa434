package dev.lamella.deviceplugin.metrics;

import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.deviceplugin.usage.BoardUsage;
import dev.lamella.deviceplugin.usage.Sample;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** The node and its boards as series. */
final class NodeCollector extends Collector {

  private static final List<String> NODE = List.of("node");
  private static final double MILLIS = 1000.0;

  private final String node;
  private final Supplier<Picture> picture;

  NodeCollector(String node, Supplier<Picture> picture) {
    this.node = node;
    this.picture = picture;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Picture now = picture.get();
    Families families = new Families();
    boards(now, families);
    report(now.report(), families);
    sample(now.sample(), families);
    return families.all();
  }

  private void boards(Picture now, Families families) {
    GaugeMetricFamily watts = board(families, "power_watts", "Power that the whole board draws.");
    GaugeMetricFamily celsius =
        board(families, "temperature_celsius", "Temperature of the board's GPU.");
    GaugeMetricFamily busy =
        board(families, "active_ratio", "Time in which a kernel ran on the GPU; MIG off only.");
    GaugeMetricFamily memory =
        board(
            families,
            "memory_active_ratio",
            "Time in which the GPU's memory was read or written; MIG off only.");
    SliceLabels labels = new SliceLabels(node, now.addresses());
    for (GpuStatus gpu : now.report().gpus()) {
      BoardUsage usage = now.sample().boards().get(gpu.uuid());
      if (usage != null) {
        List<String> of = labels.of(gpu);
        add(watts, of, usage.watts());
        add(celsius, of, usage.celsius());
        add(busy, of, usage.busy());
        add(memory, of, usage.memoryBusy());
      }
    }
  }

  private static GaugeMetricFamily board(Families families, String name, String help) {
    return families.gauge("lamella_gpu_" + name, help, SliceLabels.GPU);
  }

  private static void add(GaugeMetricFamily family, List<String> labels, OptionalDouble value) {
    value.ifPresent(told -> family.addMetric(labels, told));
  }

  private void report(GpuNodeStatus report, Families families) {
    families
        .gauge("lamella_node_info", "The node's driver; always 1.", SliceLabels.and(NODE, "driver"))
        .addMetric(List.of(node, Objects.requireNonNullElse(report.driverVersion(), "")), 1);
    families
        .gauge("lamella_node_serving", "1 if the daemon advertises and allocates.", NODE)
        .addMetric(List.of(node), report.serving() ? 1 : 0);
    GaugeMetricFamily conditions =
        families.gauge(
            "lamella_node_condition",
            "1 if the condition of the node's GpuNode is True.",
            SliceLabels.and(NODE, "condition", "reason"));
    report
        .conditions()
        .forEach(
            each ->
                conditions.addMetric(
                    List.of(node, each.type(), each.reason()),
                    each.status().equals("True") ? 1 : 0));
  }

  private void sample(Sample sample, Families families) {
    GaugeMetricFamily sampled =
        families.gauge(
            "lamella_node_sample_timestamp_seconds",
            "When slices were measured last, as Unix time.",
            NODE);
    if (sample.at().isAfter(Instant.EPOCH)) {
      sampled.addMetric(List.of(node), sample.at().toEpochMilli() / MILLIS);
    }
    families
        .gauge(
            "lamella_node_pod_memory_attribution",
            "Whether memory is told by pod (by_pod), or why not (off, no_host_pid, unknown);"
                + " always 1.",
            SliceLabels.and(NODE, "state"))
        .addMetric(List.of(node, sample.attribution().text()), 1);
  }
}
