package dev.lamella.core.quota;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.tenancy.Tenant;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of what each tenant was promised others stand on. Nobody knows whose promise a borrower
 * stands on, hence this reckoning, in compute alone as the borrowing rule counts:
 *
 * <p>A cohort's borrowers stand first on what nobody was promised; what they use beyond that is
 * lent, by the tenants of the cohort in proportion to the guarantee that each leaves unused.
 */
public final class Lending {

  private Lending() {}

  /** What each tenant lends, by name; those that lend nothing are left out. Memory is 0. */
  public static Map<String, Amount> byTenant(Snapshot snapshot) {
    Map<String, List<Tenant>> cohorts = new TreeMap<>();
    List<Tenant> everyone = new ArrayList<>(snapshot.tenants().all());
    everyone.add(Tenant.UNCLAIMED);
    everyone.forEach(t -> cohorts.computeIfAbsent(t.cohort(), c -> new ArrayList<>()).add(t));
    Map<String, Amount> lent = new TreeMap<>();
    cohorts.forEach(
        (cohort, members) -> lend(members, kept(everyone, cohort, snapshot), snapshot, lent));
    return lent;
  }

  /** What tenants outside the cohort use or were promised, whichever is more. */
  private static long kept(List<Tenant> everyone, String cohort, Snapshot snapshot) {
    return everyone.stream()
        .filter(tenant -> !tenant.cohort().equals(cohort))
        .mapToLong(t -> Math.max(promised(t), snapshot.usage(t).used().computeParts()))
        .sum();
  }

  private static void lend(
      List<Tenant> members, long keptOutside, Snapshot snapshot, Map<String, Amount> lent) {
    long unused = 0;
    long promised = 0;
    long borrowed = 0;
    for (Tenant tenant : members) {
      TenantUsage usage = snapshot.usage(tenant);
      unused += unused(tenant, snapshot);
      promised += promised(tenant);
      borrowed += usage.used().minus(usage.guaranteedUsed()).computeParts();
    }
    long unpromised = Math.max(0, snapshot.capacity().computeParts() - keptOutside - promised);
    long lentInAll = Math.min(unused, Math.max(0, borrowed - unpromised));
    for (Tenant tenant : members) {
      long part = unused == 0 ? 0 : part(lentInAll, unused(tenant, snapshot), unused);
      if (part > 0) {
        lent.put(tenant.name(), new Amount(part, 0));
      }
    }
  }

  private static long part(long whole, long of, long among) {
    return BigInteger.valueOf(whole)
        .multiply(BigInteger.valueOf(of))
        .divide(BigInteger.valueOf(among))
        .longValueExact();
  }

  private static long unused(Tenant tenant, Snapshot snapshot) {
    return promised(tenant)
        - Math.min(promised(tenant), snapshot.usage(tenant).guaranteedUsed().computeParts());
  }

  private static long promised(Tenant tenant) {
    return tenant.quota().guaranteed().map(Cap::floor).orElse(Amount.ZERO).computeParts();
  }
}
