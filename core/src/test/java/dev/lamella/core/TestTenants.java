package dev.lamella.core;

import dev.lamella.core.amount.Cap;
import dev.lamella.core.amount.Quantity;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Tenants that own the namespace of their name; guarantee and limit in compute slices, or null. */
public final class TestTenants {

  private TestTenants() {}

  public static Tenant latencyCritical(String name, int priority, String guaranteed) {
    return tenant(name, TenantClass.LATENCY_CRITICAL, priority, "default", quota(guaranteed, null));
  }

  public static Tenant bestEffort(String name, int priority, String guaranteed) {
    return tenant(name, TenantClass.BEST_EFFORT, priority, "default", quota(guaranteed, null));
  }

  public static Tenant tenant(
      String name, TenantClass tenantClass, int priority, String cohort, Quota quota) {
    return new Tenant(
        name,
        NamespaceClaim.byName(name),
        tenantClass,
        priority,
        cohort,
        WholeSlices.BORROW,
        quota);
  }

  public static Quota quota(String guaranteed, String limit) {
    return new Quota(
        Optional.ofNullable(guaranteed).map(TestTenants::compute),
        limit == null ? Cap.UNLIMITED : compute(limit),
        Map.of());
  }

  private static Cap compute(String text) {
    return new Cap(OptionalLong.of(Quantity.computeParts(text)), OptionalLong.empty());
  }
}
