package dev.lamella.simulator.bench;

import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.Fit;
import dev.lamella.core.placement.NodeScores;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pod that is to be placed on one of some nodes: what the extender asks the core for it. Public
 * for the code that JMH generates.
 */
public final class Decision {

  /** What the pod asks for. */
  public enum Ask {
    WHOLE,
    SHARE
  }

  private final Snapshot snapshot;
  private final List<String> offered;
  private final PodFact pod;

  Decision(BenchCluster cluster, int candidates, Ask ask) {
    snapshot = cluster.ledger().snapshot();
    offered = cluster.candidates(candidates);
    pod =
        ask == Ask.WHOLE
            ? cluster.pending("alpha", "q", BenchCluster.WHOLE, 1)
            : cluster.pending("beta", "q", BenchCluster.SHARE, 1);
  }

  /** Filter, then prioritize on the nodes that are left. */
  Map<String, Integer> scores() {
    PodPlacer filter =
        PodPlacer.of(PodRequest.of(pod, Long.MAX_VALUE), snapshot, PlacementPolicy.PACK);
    List<String> feasible = new ArrayList<>();
    for (String node : offered) {
      if (filter.place(node) instanceof Verdict.Fits) {
        feasible.add(node);
      }
    }
    PodPlacer prioritize =
        PodPlacer.of(PodRequest.of(pod, Long.MAX_VALUE), snapshot, PlacementPolicy.PACK);
    List<Fit> fits = new ArrayList<>();
    for (String node : feasible) {
      if (prioritize.place(node) instanceof Verdict.Fits yes) {
        fits.add(yes.fit());
      }
    }
    return NodeScores.of(fits, PlacementPolicy.PACK);
  }
}
