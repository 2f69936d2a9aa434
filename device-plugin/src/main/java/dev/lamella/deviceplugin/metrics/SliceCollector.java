package dev.lamella.deviceplugin.metrics;

import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Mode;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The slices of the latest report as series. Made anew at each scrape, so the series of a slice or
 * pod that is gone are gone too.
 */
final class SliceCollector extends Collector {

  private static final List<String> SLICE = List.of("node", "gpu", "slice", "profile", "mode");
  private static final List<String> HOLDER =
      List.of("node", "gpu", "slice", "profile", "mode", "namespace", "pod");
  private static final List<String> XID = List.of("node", "gpu", "slice", "profile", "xid");
  private static final double MIB = 1024.0 * 1024.0;

  private final String node;
  private final Supplier<GpuNodeStatus> report;
  private final XidCounts xids;

  SliceCollector(String node, Supplier<GpuNodeStatus> report, XidCounts xids) {
    this.node = node;
    this.report = report;
    this.xids = xids;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily healthy = gauge("healthy", "1 if the slice can be trusted with work.");
    GaugeMetricFamily memory = gauge("memory_bytes", "Memory of the slice.");
    GaugeMetricFamily compute = gauge("compute_slices", "Compute slices it is charged as.");
    GaugeMetricFamily shares = gauge("shares", "Shares it is cut into when shared.");
    GaugeMetricFamily held =
        new GaugeMetricFamily(
            "lamella_slice_held_ratio", "Part of the slice that a pod holds; 1 if whole.", HOLDER);
    CounterMetricFamily xid =
        new CounterMetricFamily(
            "lamella_slice_xid", "Xids that the driver reported of the slice.", XID);
    for (GpuStatus gpu : report.get().gpus()) {
      for (SliceStatus slice : gpu.slices()) {
        List<String> labels =
            List.of(node, gpu.uuid(), slice.uuid(), slice.profile(), slice.mode());
        healthy.addMetric(labels, slice.health().equals(Health.HEALTHY.text()) ? 1 : 0);
        memory.addMetric(labels, slice.memoryMiB() * MIB);
        compute.addMetric(labels, slice.computeSlices());
        shares.addMetric(labels, slice.sharesTotal());
        xids.of(slice.uuid())
            .forEach(
                (number, count) ->
                    xid.addMetric(
                        List.of(node, gpu.uuid(), slice.uuid(), slice.profile(), number.toString()),
                        count));
        slice.holders().forEach(holder -> addHolder(held, labels, slice, holder));
      }
    }
    return List.of(healthy, memory, compute, shares, held, xid);
  }

  private static void addHolder(
      GaugeMetricFamily held, List<String> labels, SliceStatus slice, Holder holder) {
    List<String> all = new ArrayList<>(labels);
    all.add(Objects.requireNonNullElse(holder.namespace(), ""));
    all.add(Objects.requireNonNullElse(holder.name(), ""));
    boolean whole = slice.mode().equals(Mode.WHOLE.text());
    held.addMetric(all, whole ? 1 : (double) holder.shares() / slice.sharesTotal());
  }

  private static GaugeMetricFamily gauge(String name, String help) {
    return new GaugeMetricFamily("lamella_slice_" + name, help, SLICE);
  }
}
