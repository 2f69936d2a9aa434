package dev.lamella.extender.metrics;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.quota.Lending;
import dev.lamella.core.tenancy.Tenant;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** How tenants stand, from one snapshot. */
final class TenantCollector {

  private static final String TENANT = "tenant";

  private TenantCollector() {}

  /** Every tenant there is, and the one of unclaimed namespaces while it uses something. */
  static List<Tenant> tenants(Snapshot snapshot) {
    List<Tenant> all = new ArrayList<>(snapshot.tenants().all());
    if (snapshot.usages().containsKey(Tenant.UNCLAIMED.name())) {
      all.add(Tenant.UNCLAIMED);
    }
    return all;
  }

  static List<MetricFamilySamples> collect(Snapshot snapshot) {
    Families families = new Families();
    info(snapshot, families);
    used(snapshot, families);
    quotas(snapshot, families);
    namespaces(snapshot, families);
    return families.all();
  }

  private static void info(Snapshot snapshot, Families families) {
    GaugeMetricFamily info =
        families.gauge(
            "tenant_info",
            "The tenant's class, cohort and priority; always 1.",
            TENANT,
            "class",
            "cohort",
            "priority");
    for (Tenant tenant : tenants(snapshot)) {
      info.addMetric(
          List.of(
              tenant.name(),
              tenant.latencyCritical() ? "LatencyCritical" : "BestEffort",
              tenant.cohort(),
              Integer.toString(tenant.priority())),
          1);
    }
  }

  private static void used(Snapshot snapshot, Families families) {
    GaugeMetricFamily compute =
        families.gauge(
            "tenant_compute_slices_used", "Compute slices charged to the tenant.", TENANT);
    GaugeMetricFamily memory =
        families.gauge("tenant_memory_used_bytes", "Memory charged to the tenant.", TENANT);
    GaugeMetricFamily within =
        families.gauge(
            "tenant_compute_slices_guaranteed_used",
            "Compute slices of pods that stand within the tenant's guarantee.",
            TENANT);
    GaugeMetricFamily borrowed =
        families.gauge(
            "tenant_compute_slices_borrowed",
            "Compute slices of pods that stand above the tenant's guarantee.",
            TENANT);
    GaugeMetricFamily lent =
        families.gauge(
            "tenant_compute_slices_lent",
            "Compute slices of the tenant's guarantee that it leaves to borrowers of its cohort.",
            TENANT);
    GaugeMetricFamily pods =
        families.gauge("tenant_pods", "Bound pods of the tenant that hold slices.", TENANT);
    GaugeMetricFamily slices =
        families.gauge(
            "tenant_slices_used",
            "Slices of a profile that the tenant's pods hold; a share is a fraction.",
            TENANT,
            "profile");
    Map<String, Amount> lends = Lending.byTenant(snapshot);
    for (Tenant tenant : tenants(snapshot)) {
      TenantUsage usage = snapshot.usage(tenant);
      List<String> labels = List.of(tenant.name());
      Amount all = usage.used();
      Amount guaranteed = usage.guaranteedUsed();
      compute.addMetric(labels, Units.slices(all.computeParts()));
      memory.addMetric(labels, Units.bytes(all.memoryParts()));
      within.addMetric(labels, Units.slices(guaranteed.computeParts()));
      borrowed.addMetric(labels, Units.slices(all.minus(guaranteed).computeParts()));
      lent.addMetric(
          labels, Units.slices(lends.getOrDefault(tenant.name(), Amount.ZERO).computeParts()));
      pods.addMetric(labels, usage.ranked().size());
      usage
          .sliceParts()
          .forEach(
              (profile, parts) ->
                  slices.addMetric(List.of(tenant.name(), profile), Units.slices(parts)));
    }
  }

  /** A bound that the tenant does not have has no series. */
  private static void quotas(Snapshot snapshot, Families families) {
    GaugeMetricFamily compute =
        families.gauge(
            "tenant_compute_slices_guaranteed", "Compute slices promised to the tenant.", TENANT);
    GaugeMetricFamily memory =
        families.gauge("tenant_memory_guaranteed_bytes", "Memory promised to the tenant.", TENANT);
    GaugeMetricFamily computeLimit =
        families.gauge(
            "tenant_compute_slices_limit", "Compute slices that the tenant may use.", TENANT);
    GaugeMetricFamily memoryLimit =
        families.gauge("tenant_memory_limit_bytes", "Memory that the tenant may use.", TENANT);
    for (Tenant tenant : tenants(snapshot)) {
      tenant.quota().guaranteed().ifPresent(cap -> add(tenant, cap, compute, memory));
      add(tenant, tenant.quota().limit(), computeLimit, memoryLimit);
    }
  }

  private static void add(
      Tenant tenant, Cap cap, GaugeMetricFamily compute, GaugeMetricFamily memory) {
    List<String> labels = List.of(tenant.name());
    cap.computeParts().ifPresent(parts -> compute.addMetric(labels, Units.slices(parts)));
    cap.memoryParts().ifPresent(parts -> memory.addMetric(labels, Units.bytes(parts)));
  }

  /** For joining the nodes' series, which know namespaces only. */
  private static void namespaces(Snapshot snapshot, Families families) {
    GaugeMetricFamily info =
        families.gauge(
            "tenant_namespace_info",
            "A namespace of the tenant with pods that hold slices; always 1.",
            TENANT,
            "namespace");
    for (Tenant tenant : tenants(snapshot)) {
      TreeSet<String> names = new TreeSet<>();
      snapshot.usage(tenant).ranked().forEach(pod -> names.add(pod.pod().namespace()));
      names.forEach(namespace -> info.addMetric(List.of(tenant.name(), namespace), 1));
    }
  }
}
