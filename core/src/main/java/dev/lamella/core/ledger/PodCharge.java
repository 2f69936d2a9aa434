package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a bound pod is charged, from its requests.
 *
 * @param amount compute and memory; zero while its node has not said what its slices are
 * @param sliceParts slices of each profile, in parts of one ({@link Amount#PARTS}): a share is a
 *     fraction
 * @param boundAt in milliseconds since the epoch
 * @param traits what matters when somebody has to go
 */
public record PodCharge(
    PodRef pod,
    int priority,
    long boundAt,
    PodNeeds needs,
    Amount amount,
    Map<String, Long> sliceParts,
    PodFact.Traits traits) {

  /** A tenant's pods by rank: pod priority, then who was bound first, then UID. */
  public static final Comparator<PodCharge> RANK =
      Comparator.comparingInt(PodCharge::priority)
          .reversed()
          .thenComparingLong(PodCharge::boundAt)
          .thenComparing(charge -> charge.pod().uid());

  public PodCharge {
    sliceParts = Collections.unmodifiableMap(new TreeMap<>(sliceParts));
  }

  /** Whether it asks for any slice whole. */
  public boolean asksWhole() {
    return needs.anyWhole();
  }
}
