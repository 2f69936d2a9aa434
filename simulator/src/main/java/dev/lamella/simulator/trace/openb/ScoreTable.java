package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.openb.OpenbTrace.PodLine;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Scores by shape and node, kept until the node changes: each pod changes one node only. */
final class ScoreTable {

  private static final int UNKNOWN = Integer.MIN_VALUE;

  private final NodeScore score;
  private final Map<PodShape, int[]> byShape = new HashMap<>();
  private final Machine[] machines;

  ScoreTable(NodeScore score, Machine[] machines) {
    this.score = score;
    this.machines = machines;
  }

  /** The node with the highest score that hosts the pod, the lowest of equals; -1: none does. */
  int best(PodLine pod) {
    int[] scores = byShape.computeIfAbsent(pod.shape(), shape -> unknown());
    int best = -1;
    for (int node = 0; node < machines.length; node++) {
      if (!machines[node].hosts(pod)) {
        continue;
      }
      if (scores[node] == UNKNOWN) {
        scores[node] = score.score(machines[node], pod.shape());
      }
      if (best < 0 || scores[node] > scores[best]) {
        best = node;
      }
    }
    return best;
  }

  void changed(int node) {
    byShape.values().forEach(scores -> scores[node] = UNKNOWN);
  }

  private int[] unknown() {
    int[] scores = new int[machines.length];
    Arrays.fill(scores, UNKNOWN);
    return scores;
  }
}
