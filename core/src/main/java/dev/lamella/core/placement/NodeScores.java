package dev.lamella.core.placement;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns fits into kube-scheduler's scores. The best node alone gets the highest score, because
 * kube-scheduler breaks ties at random and random ties cost more packing than any policy gains.
 */
public final class NodeScores {

  /** The largest score that an extender may give. */
  public static final int MAX = 10;

  private NodeScores() {}

  /**
   * @return node names with scores of 0..10, the best first; only the first has 10
   */
  public static Map<String, Integer> of(Collection<Fit> fits, PlacementPolicy policy) {
    List<Fit> ordered = fits.stream().sorted(policy::compare).toList();
    Map<String, Integer> scores = new LinkedHashMap<>();
    for (int rank = 0; rank < ordered.size(); rank++) {
      int score =
          rank == 0 ? MAX : (int) ((long) (MAX - 1) * (ordered.size() - rank) / ordered.size());
      scores.put(ordered.get(rank).node(), score);
    }
    return scores;
  }
}
