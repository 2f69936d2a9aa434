package dev.lamella.core.quota;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.tenancy.Tenant;

/**
 * How a tenant stands.
 *
 * @param used what its bound pods are charged
 * @param guaranteedUsed of that, what stands within its guarantee
 * @param borrowed the rest
 * @param pods its bound pods
 * @param promised all tenants' guarantees, added up
 * @param capacity the healthy slices there are
 */
public record TenantAccount(
    Amount used,
    Amount guaranteedUsed,
    Amount borrowed,
    int pods,
    Amount promised,
    Amount capacity) {

  public static TenantAccount of(Tenant tenant, Snapshot snapshot) {
    TenantUsage usage = snapshot.usage(tenant);
    Amount guaranteed = usage.guaranteedUsed();
    Amount promised =
        snapshot.tenants().all().stream()
            .flatMap(each -> each.quota().guaranteed().stream())
            .map(Cap::floor)
            .reduce(Amount.ZERO, Amount::plus);
    return new TenantAccount(
        usage.used(),
        guaranteed,
        usage.used().minus(guaranteed),
        usage.ranked().size(),
        promised,
        snapshot.capacity());
  }

  /** Whether there is hardware for what was promised, to all tenants together. */
  public boolean guaranteesCovered() {
    return promised.computeParts() <= capacity.computeParts()
        && promised.memoryParts() <= capacity.memoryParts();
  }
}
