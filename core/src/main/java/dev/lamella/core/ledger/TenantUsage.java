package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a tenant uses, and how much of it within its guarantee. Immutable.
 *
 * <p>Rule <b>guaranteed</b>: walking the pods by rank, one that still fits the guarantee is
 * guaranteed; one that does not is borrowing, and is not added.
 */
public final class TenantUsage {

  private static final Walk NO_WALK =
      new Walk(List.of(), List.of(), new int[1], new long[1], new long[1]);

  private final Tenant tenant;
  private final List<PodCharge> ranked;
  private final Amount used;

  /** Worked out when first asked for; whoever works it out twice finds the same. */
  private volatile Walk walk;

  /** The walk of an earlier moment, most of which holds still; null once it is of no use. */
  private volatile Walk earlier;

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

  /** As one that follows another, of the same tenant as it was. */
  TenantUsage after(TenantUsage before) {
    if (before != null && before.tenant.equals(tenant)) {
      earlier = before.walk != null ? before.walk : before.earlier;
    }
    return this;
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
    return Collections.unmodifiableList(walk().within());
  }

  /** Slices of a profile that its pods hold, in parts of one; shares are fractions. */
  public long sliceParts(String profile) {
    return sliceParts().getOrDefault(profile, 0L);
  }

  /** As {@link #sliceParts(String)}, of every profile of which they hold any, by name. */
  public Map<String, Long> sliceParts() {
    Map<String, Long> known = sliceParts;
    if (known == null) {
      Map<String, Long> sums = new TreeMap<>();
      ranked.forEach(
          pod -> pod.sliceParts().forEach((p, parts) -> sums.merge(p, parts, Long::sum)));
      known = Collections.unmodifiableMap(sums);
      sliceParts = known;
    }
    return known;
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
    List<PodCharge> after = walk(staying, null).within();
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
    return walk(with, null).within();
  }

  /**
   * The pods by rank, each taken as guaranteed or not. Walked anew with every bind, over thousands
   * of pods: the sums are numbers in a row, and of an earlier walk is taken what comes before the
   * first pod that is another.
   *
   * @param pods all of them
   * @param within the guaranteed ones
   * @param counts how many of the first n are guaranteed, for each n from 0 to all
   * @param compute what those use, in parts of a slice
   * @param memory the same of memory
   */
  private record Walk(
      List<PodCharge> pods, List<PodCharge> within, int[] counts, long[] compute, long[] memory) {

    /** What the guaranteed ones among the first n use. */
    Amount above(int n) {
      return new Amount(compute[n], memory[n]);
    }

    /** How many pods both begin with. */
    int common(List<PodCharge> others) {
      int most = Math.min(pods.size(), others.size());
      int n = 0;
      while (n < most && pods.get(n) == others.get(n)) {
        n++;
      }
      return n;
    }

    /** The first n of it, with room for so many. */
    Walk first(int n, List<PodCharge> all) {
      List<PodCharge> kept = new ArrayList<>(all.size());
      kept.addAll(within.subList(0, counts[n]));
      int room = all.size() + 1;
      return new Walk(
          all, kept, copy(counts, n, room), copy(compute, n, room), copy(memory, n, room));
    }

    private static int[] copy(int[] from, int n, int room) {
      int[] to = new int[room];
      System.arraycopy(from, 0, to, 0, n + 1);
      return to;
    }

    private static long[] copy(long[] from, int n, int room) {
      long[] to = new long[room];
      System.arraycopy(from, 0, to, 0, n + 1);
      return to;
    }
  }

  private Walk walk() {
    Walk known = walk;
    if (known == null) {
      known = walk(ranked, earlier);
      walk = known;
      earlier = null;
    }
    return known;
  }

  private Walk walk(List<PodCharge> pods, Walk before) {
    Walk from = before == null ? NO_WALK : before;
    int same = from.common(pods);
    Walk now = from.first(same, pods);
    Optional<Cap> guarantee = tenant.quota().guaranteed();
    Amount sum = now.above(same);
    for (int n = same; n < pods.size(); n++) {
      PodCharge pod = pods.get(n);
      if (guarantee.isPresent() && !alwaysBorrows(pod)) {
        Amount with = sum.plus(pod.amount());
        if (guarantee.get().admits(with)) {
          now.within().add(pod);
          sum = with;
        }
      }
      now.counts()[n + 1] = now.within().size();
      now.compute()[n + 1] = sum.computeParts();
      now.memory()[n + 1] = sum.memoryParts();
    }
    return now;
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
