package dev.lamella.core.placement;

import java.util.Comparator;

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

  private static final Comparator<Fit> ORDER =
      Comparator.comparingInt(Fit::slicesOpened)
          .thenComparingInt(Fit::gpusOpened)
          .thenComparingInt(Fit::freeAfter)
          .thenComparingInt(Fit::freeOnNode)
          .thenComparing(Fit::node);

  @Override
  public int compareTo(Fit other) {
    return ORDER.compare(this, other);
  }
}
