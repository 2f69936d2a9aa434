package dev.lamella.core.tenancy;

import java.util.Comparator;
import java.util.Objects;

/**
 * Owner of namespaces, with a class, a priority and a quota.
 *
 * @param name the resource's name
 * @param claim the namespaces
 * @param tenantClass what its work tolerates
 * @param priority higher goes first
 * @param cohort inside which unused guarantee is lent; {@link #DEFAULT_COHORT} if it names none
 * @param wholeSlices what a best-effort tenant's request for a whole slice becomes
 */
public record Tenant(
    String name,
    NamespaceClaim claim,
    TenantClass tenantClass,
    int priority,
    String cohort,
    WholeSlices wholeSlices,
    Quota quota) {

  public static final String DEFAULT_COHORT = "default";

  /** By name: the order in which tenants are walked wherever order could decide. */
  public static final Comparator<Tenant> ORDER = Comparator.comparing(Tenant::name);

  /**
   * The tenant of every namespace that nobody claims. Its name cannot be that of a resource. It
   * allows what ran before Lamella was installed.
   */
  public static final Tenant UNCLAIMED =
      new Tenant(
          "(unclaimed)",
          NamespaceClaim.byName(),
          TenantClass.BEST_EFFORT,
          0,
          DEFAULT_COHORT,
          WholeSlices.BORROW,
          Quota.NONE);

  public Tenant {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(claim, "claim");
    Objects.requireNonNull(tenantClass, "tenantClass");
    Objects.requireNonNull(cohort, "cohort");
    Objects.requireNonNull(wholeSlices, "wholeSlices");
    Objects.requireNonNull(quota, "quota");
  }

  public boolean latencyCritical() {
    return tenantClass == TenantClass.LATENCY_CRITICAL;
  }
}
