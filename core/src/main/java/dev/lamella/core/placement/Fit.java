package dev.lamella.core.placement;

/**
 * How well a pod would stand on a node; smaller is better. Packs: what is open already is filled
 * before anything is opened.
 *
 * @param slicesOpened shared slices that it would open
 * @param gpusOpened GPUs without any pod that it would take a slice of
 * @param freeAfter compute slices left free on the GPUs that it would use
 * @param freeOnNode compute slices free on the node before
 * @param node the node's name, which makes the order total
 */
public record Fit(int slicesOpened, int gpusOpened, int freeAfter, int freeOnNode, String node)
    implements Comparable<Fit> {

  /** In the order of the components; written out, since thousands are compared for one pod. */
  @Override
  public int compareTo(Fit other) {
    int order = Integer.compare(slicesOpened, other.slicesOpened);
    order = order != 0 ? order : Integer.compare(gpusOpened, other.gpusOpened);
    order = order != 0 ? order : Integer.compare(freeAfter, other.freeAfter);
    order = order != 0 ? order : Integer.compare(freeOnNode, other.freeOnNode);
    return order != 0 ? order : node.compareTo(other.node);
  }
}
