package dev.lamella.extender.metrics;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.tenancy.Tenant;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Map;

/** The cluster's slices and the ledger's size, from one snapshot. */
final class ClusterCollector {

  private ClusterCollector() {}

  static List<MetricFamilySamples> collect(Snapshot snapshot) {
    Families families = new Families();
    ledger(snapshot, families);
    capacity(snapshot, families);
    room(snapshot, families);
    GaugeMetricFamily ignored =
        families.gauge(
            "extender_contradictions",
            "Assignments and slices of a node that are ignored as contradictory.",
            "node");
    for (NodeState node : snapshot.nodes()) {
      ignored.addMetric(List.of(node.name()), node.contradictions().size());
    }
    return families.all();
  }

  private static void ledger(Snapshot snapshot, Families families) {
    GaugeMetricFamily entries =
        families.gauge("extender_ledger_entries", "What the ledger holds, by kind.", "kind");
    entries.addMetric(List.of("nodes"), snapshot.nodes().size());
    entries.addMetric(
        List.of("slices"), snapshot.nodes().stream().mapToInt(n -> n.slices().size()).sum());
    entries.addMetric(
        List.of("pods"),
        snapshot.usages().values().stream().mapToInt(usage -> usage.ranked().size()).sum());
    entries.addMetric(List.of("tenants"), snapshot.tenants().all().size());
    families
        .gauge("extender_reservations", "Pods for which slices are being freed.")
        .addMetric(List.of(), snapshot.reservations().size());
  }

  private static void capacity(Snapshot snapshot, Families families) {
    Amount used =
        snapshot.usages().values().stream()
            .map(TenantUsage::used)
            .reduce(Amount.ZERO, Amount::plus);
    Amount promised = Amount.ZERO;
    for (Tenant tenant : snapshot.tenants().all()) {
      promised = promised.plus(tenant.quota().guaranteed().map(Cap::floor).orElse(Amount.ZERO));
    }
    gauge(
        families,
        "extender_compute_slices_capacity",
        "Compute slices of all healthy slices.",
        snapshot.capacity());
    gauge(families, "extender_compute_slices_used", "Compute slices charged to pods.", used);
    gauge(
        families,
        "extender_compute_slices_promised",
        "Compute slices that all guarantees add up to.",
        promised);
  }

  private static void gauge(Families families, String name, String help, Amount amount) {
    families.gauge(name, help).addMetric(List.of(), Units.slices(amount.computeParts()));
  }

  private static void room(Snapshot snapshot, Families families) {
    GaugeMetricFamily fits =
        families.gauge(
            "extender_fits",
            "How many more of a profile would fit now, as slices (whole) or as shares (share).",
            "profile",
            "mode");
    GaugeMetricFamily fragmentation =
        families.gauge(
            "extender_fragmentation_ratio",
            "Part of the free compute slices that is not in whole slices of the profile.",
            "profile");
    int free = 0;
    for (NodeState node : snapshot.nodes()) {
      free += node.serving() ? node.freeCompute() : 0;
    }
    families
        .gauge("extender_compute_slices_free", "Compute slices of slices that nobody holds.")
        .addMetric(List.of(), free);
    for (Map.Entry<String, Room> each : Room.of(snapshot).entrySet()) {
      Room room = each.getValue();
      fits.addMetric(List.of(each.getKey(), "whole"), room.wholes());
      fits.addMetric(List.of(each.getKey(), "share"), room.shares());
      if (free > 0) {
        double usable = Math.min(1, (double) room.wholes() * room.computeSlices() / free);
        fragmentation.addMetric(List.of(each.getKey()), 1 - usable);
      }
    }
  }
}
