package dev.lamella.deviceplugin.metrics;

import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Mode;
import dev.lamella.deviceplugin.usage.SliceUsage;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The slices of the latest report as series, with what was measured of them last. Made anew at each
 * scrape, so the series of a slice that is gone are gone too.
 */
final class SliceCollector extends Collector {

  private static final List<String> LABELS = SliceLabels.and(SliceLabels.SLICE, "mode");
  private static final List<String> XID = SliceLabels.and(SliceLabels.SLICE, "xid");
  private static final double MIB = 1024.0 * 1024.0;
  private static final double MILLIS = 1000.0;

  private final String node;
  private final Supplier<Picture> picture;
  private final XidCounts xids;

  SliceCollector(String node, Supplier<Picture> picture, XidCounts xids) {
    this.node = node;
    this.picture = picture;
    this.xids = xids;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Picture now = picture.get();
    SliceLabels labels = new SliceLabels(node, now.addresses());
    Columns columns = new Columns();
    for (GpuStatus gpu : now.report().gpus()) {
      for (SliceStatus slice : gpu.slices()) {
        List<String> fixed = labels.of(gpu, slice);
        columns.state(SliceLabels.and(fixed, slice.mode()), slice, now.healthSince());
        SliceUsage usage = now.sample().slices().get(slice.uuid());
        if (usage != null) {
          columns.usage(SliceLabels.and(fixed, slice.mode()), usage);
        }
        xids.of(slice.uuid())
            .forEach(
                (xid, count) ->
                    columns.xid.addMetric(SliceLabels.and(fixed, xid.toString()), count));
      }
    }
    return columns.families.all();
  }

  /** The families, while slices are added to them. */
  private static final class Columns {

    final Families families = new Families();
    final GaugeMetricFamily healthy = gauge("healthy", "1 if the slice can be trusted with work.");
    final GaugeMetricFamily since =
        gauge(
            "health_changed_timestamp_seconds",
            "When the daemon saw the slice become healthy or unhealthy, as Unix time.");
    final GaugeMetricFamily memory = gauge("memory_bytes", "Memory of the slice.");
    final GaugeMetricFamily used =
        gauge("memory_used_bytes", "Memory of the slice that is used, as NVML says.");
    final GaugeMetricFamily free =
        gauge("memory_free_bytes", "Memory of the slice that is free, as NVML says.");
    final GaugeMetricFamily compute = gauge("compute_slices", "Compute slices it is charged as.");
    final GaugeMetricFamily shares = gauge("shares", "Shares it is cut into when shared.");
    final GaugeMetricFamily sharesUsed = gauge("shares_used", "Shares of it that pods hold.");
    final GaugeMetricFamily holders = gauge("holders", "Pods that hold it or shares of it.");
    final Map<String, GaugeMetricFamily> activity = activity();
    final CounterMetricFamily xid =
        families.counter("lamella_slice_xid", "Xids that the driver reported of the slice.", XID);

    private GaugeMetricFamily gauge(String name, String help) {
      return families.gauge("lamella_slice_" + name, help, LABELS);
    }

    /** By the name that {@link SliceUsage#activity} has. */
    private Map<String, GaugeMetricFamily> activity() {
      Map<String, GaugeMetricFamily> named = new TreeMap<>();
      named.put(
          "graphics",
          gauge(
              "engine_active_ratio",
              "Time in which any engine of the slice was busy; Hopper and newer only."));
      named.put(
          "sm",
          gauge(
              "sm_active_ratio",
              "Multiprocessors of the slice that were busy; Hopper and newer only."));
      named.put(
          "sm_occupancy",
          gauge(
              "sm_occupancy_ratio",
              "Warps of the slice that were active, of those that could be; Hopper and newer"
                  + " only."));
      named.put(
          "tensor",
          gauge(
              "tensor_active_ratio",
              "Tensor cores of the slice that were busy; Hopper and newer only."));
      named.put(
          "dram_bandwidth",
          gauge(
              "dram_bandwidth_ratio",
              "Memory bandwidth of the slice that was used; Hopper and newer only."));
      return named;
    }

    void state(List<String> labels, SliceStatus slice, Map<String, Instant> healthSince) {
      healthy.addMetric(labels, slice.health().equals(Health.HEALTHY.text()) ? 1 : 0);
      Instant changed = healthSince.get(slice.uuid());
      if (changed != null) {
        since.addMetric(labels, changed.toEpochMilli() / MILLIS);
      }
      memory.addMetric(labels, slice.memoryMiB() * MIB);
      compute.addMetric(labels, slice.computeSlices());
      shares.addMetric(labels, slice.sharesTotal());
      boolean whole = slice.mode().equals(Mode.WHOLE.text());
      int held = slice.holders().stream().mapToInt(holder -> holder.shares()).sum();
      sharesUsed.addMetric(labels, whole ? slice.sharesTotal() : held);
      holders.addMetric(labels, slice.holders().size());
    }

    void usage(List<String> labels, SliceUsage usage) {
      usage
          .memory()
          .ifPresent(
              told -> {
                used.addMetric(labels, told.used());
                free.addMetric(labels, told.free());
              });
      usage
          .activity()
          .forEach(
              (what, part) -> {
                GaugeMetricFamily family = activity.get(what);
                if (family != null) {
                  family.addMetric(labels, part);
                }
              });
    }
  }
}
