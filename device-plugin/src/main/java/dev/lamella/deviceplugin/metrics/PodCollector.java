package dev.lamella.deviceplugin.metrics;

import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.allocation.PodName;
import dev.lamella.deviceplugin.usage.Attribution;
import dev.lamella.deviceplugin.usage.PodUsage;
import dev.lamella.deviceplugin.usage.SliceUsage;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Who holds slices and how much of their memory they use: a series for every pod, not for one. */
final class PodCollector extends Collector {

  private static final List<String> CONTAINER =
      SliceLabels.and(SliceLabels.SLICE, "mode", "namespace", "pod", "container");
  private static final List<String> POD = SliceLabels.and(SliceLabels.SLICE, "namespace", "pod");

  private final String node;
  private final Supplier<Picture> picture;

  PodCollector(String node, Supplier<Picture> picture) {
    this.node = node;
    this.picture = picture;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Picture now = picture.get();
    SliceLabels labels = new SliceLabels(node, now.addresses());
    Map<String, List<String>> fixed = new HashMap<>();
    Map<String, List<Hold>> bySlice =
        now.holds().stream().collect(Collectors.groupingBy(Hold::slice));
    Families families = new Families();
    GaugeMetricFamily held =
        families.gauge(
            "lamella_slice_held_ratio",
            "Part of the slice that a container holds; 1 if whole.",
            CONTAINER);
    for (GpuStatus gpu : now.report().gpus()) {
      for (SliceStatus slice : gpu.slices()) {
        fixed.put(slice.uuid(), labels.of(gpu, slice));
        parts(slice, bySlice.getOrDefault(slice.uuid(), List.of()))
            .forEach(
                (who, part) ->
                    held.addMetric(
                        SliceLabels.and(
                            fixed.get(slice.uuid()),
                            slice.mode(),
                            who.get(0),
                            who.get(1),
                            who.get(2)),
                        part));
      }
    }
    memory(now, fixed, families);
    others(now, fixed, families);
    return families.all();
  }

  /** By namespace, pod and container. */
  private static Map<List<String>, Double> parts(SliceStatus slice, List<Hold> holds) {
    Map<List<String>, Double> parts =
        new TreeMap<>((a, b) -> String.join("/", a).compareTo(String.join("/", b)));
    for (Hold hold : holds) {
      List<String> who =
          List.of(
              hold.pod().map(PodName::namespace).orElse(""),
              hold.pod().map(PodName::name).orElse(""),
              hold.container());
      int cut = hold.resource().shared() ? Math.max(1, slice.sharesTotal()) : 1;
      parts.merge(who, 1.0 / cut, Double::sum);
    }
    return parts;
  }

  private static void memory(Picture now, Map<String, List<String>> fixed, Families families) {
    GaugeMetricFamily used =
        families.gauge(
            "lamella_slice_pod_memory_used_bytes",
            "Memory of the slice that the pod's processes use; needs hostPID.",
            POD);
    GaugeMetricFamily budget =
        families.gauge(
            "lamella_slice_pod_memory_budget_bytes",
            "Memory that the pod's part of the slice is worth; needs hostPID.",
            POD);
    GaugeMetricFamily over =
        families.gauge(
            "lamella_slice_pod_over_budget",
            "1 if the pod uses more memory of the slice than its budget; needs hostPID.",
            POD);
    CounterMetricFamily exceeded =
        families.counter(
            "lamella_slice_pod_budget_exceeded",
            "Times that the pod began to use more memory of the slice than its budget.",
            POD);
    for (Picture.PodMemory each : now.pods()) {
      PodUsage usage = each.usage();
      List<String> slice = fixed.get(usage.slice());
      if (slice != null) {
        List<String> labels = SliceLabels.and(slice, usage.pod().namespace(), usage.pod().name());
        used.addMetric(labels, usage.usedBytes());
        budget.addMetric(labels, usage.budgetBytes());
        over.addMetric(labels, usage.exceeded() ? 1 : 0);
        exceeded.addMetric(labels, each.exceeded());
      }
    }
  }

  private static void others(Picture now, Map<String, List<String>> fixed, Families families) {
    GaugeMetricFamily others =
        families.gauge(
            "lamella_slice_unattributed_memory_bytes",
            "Memory of the slice used by processes that are of no pod that holds it; needs"
                + " hostPID.",
            SliceLabels.SLICE);
    if (now.sample().attribution() != Attribution.BY_POD) {
      return;
    }
    Set<String> holders = new HashSet<>();
    now.pods().forEach(each -> holders.add(each.usage().slice() + each.usage().uid()));
    Map<String, SliceUsage> measured = new TreeMap<>(now.sample().slices());
    measured.forEach(
        (slice, usage) -> {
          long bytes = usage.ofOthers();
          for (Map.Entry<String, Long> pod : usage.byPod().entrySet()) {
            bytes += holders.contains(slice + pod.getKey()) ? 0 : pod.getValue();
          }
          if (fixed.containsKey(slice)) {
            others.addMetric(fixed.get(slice), bytes);
          }
        });
  }
}
