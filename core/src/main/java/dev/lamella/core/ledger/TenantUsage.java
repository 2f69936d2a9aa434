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
   * Whether one more pod would be within the guarantee. It ranks behind all of its priority that
   * are charged already: those of lower priority do not matter.
   */
  public boolean wouldBeGuaranteed(PodCharge next) {
    if (tenant.quota().guaranteed().isEmpty() || alwaysBorrows(next)) {
      return false;
    }
    Amount above = walk().above(notBelow(next.priority()));
    return tenant.quota().guaranteed().get().admits(above.plus(next.amount()));
  }

  /**
   * Whether as much as now would stand within the guarantee without some pods, since borrowing pods
   * of no lower priority step into their places.
   *
   * @param uids of the pods that would go
   */
  public boolean keepsGuaranteeWithout(Set<String> uids) {
    List<PodCharge> staying =
        ranked.stream().filter(pod -> !uids.contains(pod.pod().uid())).toList();
    List<PodCharge> after = walk(staying).within();
    return guaranteed().stream()
        .filter(pod -> uids.contains(pod.pod().uid()))
        .mapToInt(PodCharge::priority)
        .distinct()
        .allMatch(least -> guarantee().covers(sum(after, least), sum(guaranteed(), least)));
  }

  private Cap guarantee() {
    return tenant.quota().guaranteed().orElse(Cap.UNLIMITED);
  }

  private static Amount sum(List<PodCharge> pods, int leastPriority) {
    return pods.stream()
        .filter(pod -> pod.priority() >= leastPriority)
        .map(PodCharge::amount)
        .reduce(Amount.ZERO, Amount::plus);
  }

  /** How many pods have at least a priority: they are the first by rank. */
  private int notBelow(int priority) {
    int from = 0;
    int to = ranked.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (ranked.get(middle).priority() >= priority) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** The pods within the guarantee if there were one more, behind all of its priority. */
  public List<PodCharge> guaranteedWith(PodCharge next) {
    List<PodCharge> with = new ArrayList<>(ranked);
    with.add(notBelow(next.priority()), next);
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
