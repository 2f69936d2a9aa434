package dev.lamella.extender.metrics;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.tenancy.Tenant;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of its guarantee each tenant lends: what it does not use itself and borrowers of its
 * cohort occupy.
 *
 * <p>Were all guarantees claimed now, on top of what is used, so much would be missing: the sum of
 * max(guaranteed, used) less the capacity. That much is lent; of a cohort no more than its tenants
 * leave idle, and no more than they borrow. Who lends it is nobody's decision: it is divided by
 * what each leaves idle.
 */
final class Lent {

  private Lent() {}

  /** Compute slices by tenant; those that lend nothing are left out. */
  static Map<String, Double> computeSlices(Snapshot snapshot) {
    Map<String, Long> idle = new TreeMap<>();
    Map<String, Long> cohortIdle = new TreeMap<>();
    Map<String, Long> cohortBorrowed = new TreeMap<>();
    long claimed = 0;
    for (Tenant tenant : TenantCollector.tenants(snapshot)) {
      Amount used = snapshot.usage(tenant).used();
      long promised =
          tenant.quota().guaranteed().map(Cap::floor).orElse(Amount.ZERO).computeParts();
      long left = Math.max(0, promised - used.computeParts());
      long above = used.minus(snapshot.usage(tenant).guaranteedUsed()).computeParts();
      idle.put(tenant.name(), left);
      cohortIdle.merge(tenant.cohort(), left, Long::sum);
      cohortBorrowed.merge(tenant.cohort(), above, Long::sum);
      claimed += used.computeParts() + left;
    }
    long missing = Math.max(0, claimed - snapshot.capacity().computeParts());
    Map<String, Double> lent = new TreeMap<>();
    for (Tenant tenant : TenantCollector.tenants(snapshot)) {
      long all = cohortIdle.get(tenant.cohort());
      long share = Math.min(missing, Math.min(all, cohortBorrowed.get(tenant.cohort())));
      if (share > 0 && idle.get(tenant.name()) > 0) {
        double part = (double) idle.get(tenant.name()) / all;
        lent.put(tenant.name(), Units.slices(share) * part);
      }
    }
    return lent;
  }
}
