package dev.lamella.core.explain;

import java.util.List;

/**
 * What reclaim could do for a pod.
 *
 * @param state one of {@code NotNeeded}, {@code Possible}, {@code Refused}
 * @param rule why not; null unless refused
 * @param reason in a sentence
 * @param node where; null unless possible
 * @param slices what the pod would get
 * @param victims who would be evicted, the first to go first
 * @param leaving who goes anyway and would be waited for
 * @param budgets disruption budgets that forbid evicting some of them now
 */
public record ReclaimAccount(
    String state,
    String rule,
    String reason,
    String node,
    List<SlicePlace> slices,
    List<Holder> victims,
    List<Holder> leaving,
    List<String> budgets) {

  static ReclaimAccount notNeeded(String reason) {
    return new ReclaimAccount(
        "NotNeeded", null, reason, null, List.of(), List.of(), List.of(), List.of());
  }
}
