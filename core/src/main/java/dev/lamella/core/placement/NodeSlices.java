package dev.lamella.core.placement;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The slices of one node while a pod is being placed on it: the ledger's word, less what this pod
 * has been given so far. Written as loops: it runs for every node that kube-scheduler asks about.
 */
final class NodeSlices {

  private static final int WHOLE = 0;

  private final NodeState node;

  /** What this pod was given: shares, or {@link #WHOLE}. */
  private final Map<SliceState, Integer> taken = new LinkedHashMap<>();

  /** Compute slices that this pod has taken of each GPU that it is on. */
  private final Map<String, Integer> takenCompute = new HashMap<>();

  NodeSlices(NodeState node) {
    this.node = node;
  }

  /**
   * The slice to give whole: on the GPU with the least left free, so that the others stay whole; a
   * GPU that this pod is on already goes first.
   *
   * @return null if there is none
   */
  SliceState nextWhole(String profile) {
    SliceState best = null;
    for (SliceState state : node.slices(profile)) {
      if (state.freeWhole()
          && !taken.containsKey(state)
          && (best == null || tighter(state, best))) {
        best = state;
      }
    }
    return best;
  }

  /**
   * The slice that n shares come from: the fullest shared one that has them, else a free one.
   *
   * @return null if there is none
   */
  SliceState nextShared(String profile, int shares) {
    SliceState best = null;
    for (SliceState state : node.slices(profile)) {
      if (freeShares(state) >= shares && (best == null || fuller(state, best))) {
        best = state;
      }
    }
    return best;
  }

  /** The slices come in a total order, so that the first of two equals stays. */
  private boolean tighter(SliceState state, SliceState than) {
    boolean on = takenCompute.containsKey(state.gpu());
    boolean thanOn = takenCompute.containsKey(than.gpu());
    if (on != thanOn) {
      return on;
    }
    return freeCompute(state) < freeCompute(than);
  }

  private boolean fuller(SliceState state, SliceState than) {
    if (opens(state) != opens(than)) {
      return opens(than);
    }
    int difference = freeShares(state) - freeShares(than);
    return difference != 0 ? difference < 0 : tighter(state, than);
  }

  void takeWhole(SliceState state) {
    take(state, WHOLE);
  }

  void takeShares(SliceState state, int shares) {
    take(state, shares);
  }

  private void take(SliceState state, int shares) {
    boolean opened = opens(state);
    taken.merge(state, shares, Integer::sum);
    takenCompute.merge(state.gpu(), opened ? state.slice().computeSlices() : 0, Integer::sum);
  }

  int freeShares(SliceState state) {
    Integer mine = taken.isEmpty() ? null : taken.get(state);
    if (mine == null) {
      return state.freeShares();
    }
    return mine == WHOLE ? 0 : state.freeShares() - mine;
  }

  /** Whether nobody holds it yet, this pod included. */
  private boolean opens(SliceState state) {
    return state.mode() == Mode.FREE && !taken.containsKey(state);
  }

  /** Compute slices on the slice's GPU that neither the ledger nor this pod holds. */
  private int freeCompute(SliceState state) {
    int free = node.gpu(state).freeCompute();
    return takenCompute.isEmpty() ? free : free - takenCompute.getOrDefault(state.gpu(), 0);
  }

  Fit fit() {
    int opened = 0;
    int gpusOpened = 0;
    int freeAfter = 0;
    for (Map.Entry<SliceState, Integer> entry : taken.entrySet()) {
      if (entry.getValue() != WHOLE && entry.getKey().mode() == Mode.FREE) {
        opened++;
      }
    }
    for (String gpu : takenCompute.keySet()) {
      SliceState any = onGpu(gpu);
      gpusOpened += node.gpu(any).empty() ? 1 : 0;
      freeAfter += freeCompute(any);
    }
    return new Fit(opened, gpusOpened, freeAfter, node.freeCompute(), node.name());
  }

  private SliceState onGpu(String gpu) {
    for (SliceState state : taken.keySet()) {
      if (state.gpu().equals(gpu)) {
        return state;
      }
    }
    throw new IllegalStateException("nothing taken of " + gpu);
  }
}
