package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /** Worked out when first asked for; whoever works it out twice finds the same. */
  private volatile Walk walk;

  private volatile Map<String, Long> sliceParts;

  /**
   * @param charges by rank
   * @param used what they add up to
   */
  TenantUsage(Tenant tenant, List<PodCharge> charges, Amount used) {
    this.tenant = tenant;
    this.ranked = charges;
    this.used = used;
  }

  static TenantUsage none(Tenant tenant) {
    return new TenantUsage(tenant, List.of(), Amount.ZERO);
  }

  TenantUsage without(Set<String> uids) {
    List<PodCharge> left = ranked.stream().filter(c -> !uids.contains(c.pod().uid())).toList();
    Amount sum = left.stream().map(PodCharge::amount).reduce(Amount.ZERO, Amount::plus);
    return left.size() == ranked.size() ? this : new TenantUsage(tenant, left, sum);
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
    return walk().above(ranked.size());
  }

  /** Its pods within the guarantee, by rank. */
  public List<PodCharge> guaranteed() {
    return walk().within();
  }

  /** Slices of a profile that its pods hold, in parts of one; shares are fractions. */
  public long sliceParts(String profile) {
    Map<String, Long> known = sliceParts;
    if (known == null) {
      Map<String, Long> sums = new HashMap<>();
      ranked.forEach(
          pod -> pod.sliceParts().forEach((p, parts) -> sums.merge(p, parts, Long::sum)));
      known = Map.copyOf(sums);
      sliceParts = known;
    }
    return known.getOrDefault(profile, 0L);
  }

  /**
   * Whether one more pod would be within the guarantee, given the rank that it would have. Those
   * behind it do not matter.
   */
  public boolean wouldBeGuaranteed(PodCharge next) {
    if (tenant.quota().guaranteed().isEmpty() || alwaysBorrows(next)) {
      return false;
    }
    int found = Collections.binarySearch(ranked, next, PodCharge.RANK);
    Amount above = walk().above(found < 0 ? -found - 1 : found);
    return tenant.quota().guaranteed().get().admits(above.plus(next.amount()));
  }

  /** The pods within the guarantee if there were one more. */
  public List<PodCharge> guaranteedWith(PodCharge next) {
    List<PodCharge> with = new ArrayList<>(ranked);
    with.add(next);
    with.sort(PodCharge.RANK);
    return walk(with).within();
  }

  /**
   * The pods by rank, each taken as guaranteed or not.
   *
   * @param within the guaranteed ones
   * @param sums what those among the first n use, for each n from 0 to all
   */
  private record Walk(List<PodCharge> within, List<Amount> sums) {

    /** What the guaranteed ones among the first n use. */
    Amount above(int n) {
      return sums.get(n);
    }
  }

  private Walk walk() {
    Walk known = walk;
    if (known == null) {
      known = walk(ranked);
      walk = known;
    }
    return known;
  }

  private Walk walk(List<PodCharge> pods) {
    List<PodCharge> within = new ArrayList<>();
    List<Amount> sums = new ArrayList<>(pods.size() + 1);
    Optional<Cap> guarantee = tenant.quota().guaranteed();
    Amount sum = Amount.ZERO;
    sums.add(sum);
    for (PodCharge pod : pods) {
      if (guarantee.isPresent() && !alwaysBorrows(pod)) {
        Amount with = sum.plus(pod.amount());
        if (guarantee.get().admits(with)) {
          within.add(pod);
          sum = with;
        }
      }
      sums.add(sum);
    }
    return new Walk(Collections.unmodifiableList(within), sums);
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
