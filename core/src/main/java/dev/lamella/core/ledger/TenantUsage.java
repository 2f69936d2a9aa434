package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tenant uses, and how much of it within its guarantee. Immutable.
 *
 * <p>Rule <b>guaranteed</b>: walking the pods by rank, one that still fits the guarantee is
 * guaranteed; one that does not is borrowing, and is not added.
 */
public final class TenantUsage {

  private final Tenant tenant;
  private final List<PodCharge> ranked;
  private final Amount used;

  TenantUsage(Tenant tenant, List<PodCharge> charges) {
    this.tenant = tenant;
    this.ranked = charges.stream().sorted(PodCharge.RANK).toList();
    this.used = charges.stream().map(PodCharge::amount).reduce(Amount.ZERO, Amount::plus);
  }

  static TenantUsage none(Tenant tenant) {
    return new TenantUsage(tenant, List.of());
  }

  public Tenant tenant() {
    return tenant;
  }

  /** Of all its bound pods. */
  public Amount used() {
    return used;
  }

  /** By rank, the highest first. */
  public List<PodCharge> ranked() {
    return ranked;
  }

  /** What its guaranteed pods use. */
  public Amount guaranteedUsed() {
    return guaranteed().stream().map(PodCharge::amount).reduce(Amount.ZERO, Amount::plus);
  }

  /** Its pods within the guarantee, by rank. */
  public List<PodCharge> guaranteed() {
    return walk(ranked);
  }

  /** Whether one more pod would be within the guarantee, given the rank that it would have. */
  public boolean wouldBeGuaranteed(PodCharge next) {
    return guaranteedWith(next).contains(next);
  }

  /** The pods within the guarantee if there were one more. */
  public List<PodCharge> guaranteedWith(PodCharge next) {
    List<PodCharge> with = new ArrayList<>(ranked);
    with.add(next);
    with.sort(PodCharge.RANK);
    return walk(with);
  }

  private List<PodCharge> walk(List<PodCharge> pods) {
    List<PodCharge> within = new ArrayList<>();
    if (tenant.quota().guaranteed().isEmpty()) {
      return within;
    }
    Cap guarantee = tenant.quota().guaranteed().get();
    Amount sum = Amount.ZERO;
    for (PodCharge pod : pods) {
      Amount with = sum.plus(pod.amount());
      if (!alwaysBorrows(pod) && guarantee.admits(with)) {
        within.add(pod);
        sum = with;
      }
    }
    return within;
  }

  /** A best-effort pod on a whole slice is allowed by {@code wholeSlices: Borrow} alone. */
  private boolean alwaysBorrows(PodCharge pod) {
    return !tenant.latencyCritical()
        && tenant.wholeSlices() == WholeSlices.BORROW
        && pod.asksWhole();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TenantUsage usage
        && tenant.equals(usage.tenant)
        && ranked.equals(usage.ranked);
  }

  @Override
  public int hashCode() {
    return ranked.hashCode();
  }

  @Override
  public String toString() {
    return tenant.name() + " uses " + used;
  }
}
