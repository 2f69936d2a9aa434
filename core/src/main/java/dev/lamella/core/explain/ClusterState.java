package dev.lamella.core.explain;

import java.util.List;
import java.util.Map;

/**
 * The whole cluster at one moment: what a page or a command shows.
 *
 * @param version of this shape; it changes when a field goes or changes its meaning
 * @param nodes those with GPUs, by name
 * @param nodesTotal how many nodes with GPUs there are
 * @param next the last node shown, after which the next page begins; null if none is left
 * @param tenants by name, the one of unclaimed namespaces last if it uses anything
 * @param waiting pods that wait for slices and that the viewer may see, those waiting longest
 *     first, as many as nodes at most
 * @param waitingUnseen how many more wait that the viewer may not see, by tenant
 */
public record ClusterState(
    int version,
    List<Node> nodes,
    int nodesTotal,
    String next,
    List<TenantState> tenants,
    List<WaitingPod> waiting,
    Map<String, Integer> waitingUnseen) {

  /**
   * Which part of a large cluster.
   *
   * @param after the node after whose name it begins; empty for the first
   * @param most how many nodes, and how many waiting pods, at least 1
   */
  public record Page(String after, int most) {

    /** Everything. */
    public static final Page ALL = new Page("", Integer.MAX_VALUE);

    public Page {
      if (most < 1) {
        throw new IllegalArgumentException("a page has at least 1 node, not " + most);
      }
    }
  }

  /** Of the shape that is written. */
  public static final int VERSION = 1;

  /**
   * A node.
   *
   * @param serving whether its daemon advertises and allocates
   * @param gpus in the report's order
   */
  public record Node(String name, boolean serving, List<Gpu> gpus) {}

  /**
   * A GPU.
   *
   * @param model as its daemon reports it
   * @param computeSlots how many slots to draw: 7, 4, or 1 for a board that cannot be cut; 7 for
   *     boards that are not known
   * @param memorySlots how many memory slices placements count in; 8, 4 or 1
   * @param numaNode null where the node does not say
   * @param slices by placement
   */
  public record Gpu(
      String uuid,
      int index,
      String model,
      int computeSlots,
      int memorySlots,
      Integer numaNode,
      List<SliceLine> slices) {}

  /**
   * A slice.
   *
   * @param start first memory slice
   * @param size length in memory slices
   * @param health {@code Healthy} or {@code Unhealthy}
   * @param healthReason why it is unhealthy, as its node says; null if it is not, or nobody knows
   * @param cordoned whether the operator keeps new pods away
   * @param advertised whether its node offers it to pods at all
   * @param mode {@code Free}, {@code Whole} or {@code Shared}
   * @param awaitsReport whether something of it is given only after the node's report
   * @param awaitsReason what is not given before, and why; null if nothing is awaited
   */
  public record SliceLine(
      String uuid,
      String profile,
      int start,
      int size,
      int computeSlices,
      long memoryMiB,
      String health,
      String healthReason,
      boolean cordoned,
      boolean advertised,
      String mode,
      boolean awaitsReport,
      String awaitsReason,
      int sharesUsed,
      int sharesTotal,
      List<Holder> holders) {}

  /**
   * A tenant.
   *
   * @param guaranteed null if there is none
   * @param limit null if there is none
   * @param guaranteedUsed what stands within the guarantee
   * @param borrowed what stands above it
   * @param lent unused guarantee on which borrowers of its cohort stand
   * @param pods its bound pods
   * @param waiting its pods that wait for slices
   */
  public record TenantState(
      String name,
      String tenantClass,
      int priority,
      String cohort,
      Amounts guaranteed,
      Amounts limit,
      Amounts used,
      Amounts guaranteedUsed,
      Amounts borrowed,
      Amounts lent,
      int pods,
      int waiting) {}

  /**
   * A pod that waits.
   *
   * @param since when it was refused first, in milliseconds since the epoch; null if it has not
   *     been
   * @param reason in a sentence: what rules out the most nodes that kube-scheduler offered
   * @param reservedOn the node where slices are kept for it; null if none are
   */
  public record WaitingPod(
      String namespace,
      String name,
      String tenant,
      Map<String, Integer> needs,
      int priority,
      Long since,
      String reason,
      String reservedOn) {}
}
