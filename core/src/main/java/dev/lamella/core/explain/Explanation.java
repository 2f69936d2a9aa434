package dev.lamella.core.explain;

import java.util.List;
import java.util.Map;

/**
 * Why a pod stands where it stands.
 *
 * @param version of this shape
 * @param state {@code Waiting}, {@code Bound} or {@code Ended}
 * @param summary the answer in a sentence
 * @param placement every node that was considered; null unless waiting
 * @param reclaim null unless waiting
 * @param reservation what is kept for the pod; null if nothing is
 * @param assignment the slices that it holds, as its node reports them; empty unless bound
 * @param decided what was decided last; null if nothing has been
 */
public record Explanation(
    int version,
    Pod pod,
    TenantLine tenant,
    String state,
    String summary,
    QuotaAccount quota,
    Placement placement,
    ReclaimAccount reclaim,
    Kept reservation,
    List<SlicePlace> assignment,
    Decided decided) {

  /** Of the shape that is written. */
  public static final int VERSION = 1;

  /**
   * The pod.
   *
   * @param needs devices by resource, as the kubelet counts them
   * @param node null if it is not bound
   */
  public record Pod(
      String namespace,
      String name,
      String uid,
      String phase,
      int priority,
      boolean terminating,
      Map<String, Integer> needs,
      String node) {}

  /** Its tenant. */
  public record TenantLine(
      String name, String tenantClass, int priority, String cohort, String wholeSlices) {}

  /**
   * The nodes that were considered.
   *
   * @param nodes how many there are
   * @param offered how many of them kube-scheduler offered; null if it has not asked
   * @param fits on how many the pod fits now
   */
  public record Placement(int nodes, Integer offered, int fits, List<NodeGroup> groups) {}

  /**
   * Slices that are kept for the pod.
   *
   * @param waitsFor who still holds some of them
   */
  public record Kept(String node, List<SlicePlace> slices, List<Holder> waitsFor) {}

  /**
   * What was decided last.
   *
   * @param what {@code Bound} or {@code Refused}
   * @param node where; null if refused
   * @param at in milliseconds since the epoch
   * @param since when it was refused first, in milliseconds since the epoch; null if bound
   * @param why sentences and how many nodes each ruled out; the most first; empty if bound
   */
  public record Decided(String what, String node, long at, Long since, Map<String, Integer> why) {}
}
