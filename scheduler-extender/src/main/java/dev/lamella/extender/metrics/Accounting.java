package dev.lamella.extender.metrics;

import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.tenancy.Tenant;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Usage added up over time, for accounting: a tenant that holds two slices for a minute has used
 * 120 slice-seconds. Counts from the program's start; a tenant that was deleted is forgotten.
 */
public final class Accounting extends Collector {

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<String, Double> compute = new TreeMap<>();
  private final Map<String, Map<String, Double>> slices = new TreeMap<>();
  private long before;
  private boolean begun;

  /**
   * Adds what was used since the last time, taking what is used now for all of it.
   *
   * @param nanos a clock that only moves forward
   */
  public synchronized void tick(Snapshot snapshot, long nanos) {
    double seconds = begun ? (nanos - before) / NANOS : 0;
    before = nanos;
    begun = true;
    Set<String> known = new HashSet<>();
    for (Tenant tenant : TenantCollector.tenants(snapshot)) {
      TenantUsage usage = snapshot.usage(tenant);
      known.add(tenant.name());
      compute.merge(
          tenant.name(), seconds * Units.slices(usage.used().computeParts()), Double::sum);
      Map<String, Double> byProfile =
          slices.computeIfAbsent(tenant.name(), none -> new TreeMap<>());
      usage
          .sliceParts()
          .forEach(
              (profile, parts) ->
                  byProfile.merge(profile, seconds * Units.slices(parts), Double::sum));
    }
    known.add(Tenant.UNCLAIMED.name());
    compute.keySet().retainAll(known);
    slices.keySet().retainAll(known);
  }

  @Override
  public synchronized List<MetricFamilySamples> collect() {
    Families families = new Families();
    CounterMetricFamily all =
        families.counter(
            "tenant_compute_slice_seconds",
            "Compute slices charged to the tenant, times the seconds they were held.",
            "tenant");
    compute.forEach((tenant, seconds) -> all.addMetric(List.of(tenant), seconds));
    CounterMetricFamily each =
        families.counter(
            "tenant_slice_seconds",
            "Slices of a profile held by the tenant, times the seconds; a share is a fraction.",
            "tenant",
            "profile");
    slices.forEach(
        (tenant, byProfile) ->
            byProfile.forEach(
                (profile, seconds) -> each.addMetric(List.of(tenant, profile), seconds)));
    return families.all();
  }
}
