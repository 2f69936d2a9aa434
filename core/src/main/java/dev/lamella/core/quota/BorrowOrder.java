package dev.lamella.core.quota;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Tenant;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Fairness among borrowers. kube-scheduler owns the queue, so that the better-placed borrower can
 * be let ahead only by refusing the other for a short while.
 */
public final class BorrowOrder {

  /** How long a borrower is held back at most, in milliseconds. */
  public static final long LONGEST_MILLIS = 5_000;

  /** How long a refusal of a better-placed borrower counts, in milliseconds. */
  public static final long REMEMBERED_MILLIS = 30_000;

  private BorrowOrder() {}

  /**
   * Rule <b>borrow order</b>: a borrower yields to one whose tenant has the smaller dominant share
   * above its guarantee and that was refused the same resource on one of these nodes lately.
   *
   * @param resources what the borrower asks for
   * @param nodes where it would fit
   * @param refused refusals, in any order
   * @param heldSince when it was first held back, in milliseconds since the epoch; now if never
   * @return why it yields; empty if it may go ahead
   */
  public static Optional<Reason> yields(
      Tenant tenant,
      Set<ResourceName> resources,
      Collection<String> nodes,
      Collection<RefusedBorrower> refused,
      Snapshot snapshot,
      long heldSince,
      long now) {
    if (now - heldSince >= LONGEST_MILLIS) {
      return Optional.empty();
    }
    BigInteger own = excess(tenant.name(), snapshot).orElse(BigInteger.ZERO);
    return refused.stream()
        .filter(other -> !other.tenant().equals(tenant.name()))
        .filter(other -> now - other.at() <= REMEMBERED_MILLIS)
        .filter(other -> resources.contains(other.resource()))
        .filter(other -> other.nodes().stream().anyMatch(nodes::contains))
        .map(RefusedBorrower::tenant)
        .sorted()
        .filter(other -> excess(other, snapshot).filter(e -> e.compareTo(own) < 0).isPresent())
        .findFirst()
        .map(other -> reason(tenant, other, now - heldSince));
  }

  /** Empty for a tenant that is no more. */
  private static Optional<BigInteger> excess(String tenant, Snapshot snapshot) {
    Amount capacity = snapshot.capacity();
    if (tenant.equals(Tenant.UNCLAIMED.name())) {
      return Optional.of(DominantShare.excess(snapshot.usage(Tenant.UNCLAIMED), capacity));
    }
    return snapshot.tenants().all().stream()
        .filter(candidate -> candidate.name().equals(tenant))
        .findFirst()
        .map(found -> DominantShare.excess(snapshot.usage(found), capacity));
  }

  private static Reason reason(Tenant tenant, String other, long heldMillis) {
    return new Reason(
        Rule.BORROW_ORDER,
        "another borrower with less above its guarantee goes first",
        "tenant %s yields to tenant %s, for %d of at most %d ms"
            .formatted(tenant.name(), other, heldMillis, LONGEST_MILLIS));
  }
}
