package dev.lamella.core.placement;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceState;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The slices of one node while a pod is being placed on it: the ledger's word, less what this pod
 * has been given so far. Written as loops: it runs for every node that kube-scheduler asks about.
 */
final class NodeSlices {

  private static final int WHOLE = 0;

  private final NodeState node;

  /** What this pod was given: shares, or {@link #WHOLE}. */
  private final Map<SliceState, Integer> taken = new IdentityHashMap<>();

  /** Compute slices that this pod has taken of each GPU that it is on. */
  private final Map<String, Integer> takenCompute = new HashMap<>();

  NodeSlices(NodeState node) {
    this.node = node;
  }

  /**
   * How well a GPU suits: one that this pod is on already, then the one with the least left free,
   * so that the others stay whole.
   */
  private record Tightness(boolean on, int free) {

    boolean tighter(Tightness than) {
      return on != than.on ? on : free < than.free;
    }
  }

  /**
   * The slice to give whole, on the GPU that suits best. The slices come in a total order, so that
   * the first of two equals stays.
   *
   * @return null if there is none
   */
  SliceState nextWhole(String profile) {
    SliceState best = null;
    Tightness bestGpu = null;
    for (SliceState state : node.slices(profile)) {
      boolean sameGpu = best != null && state.gpu().equals(best.gpu());
      if (state.freeWhole() && !sameGpu && !isTaken(state)) {
        Tightness gpu = tightness(state);
        if (best == null || gpu.tighter(bestGpu)) {
          best = state;
          bestGpu = gpu;
        }
      }
    }
    return best;
  }

  /**
   * The slice that n shares come from: the fullest shared one that has them, else a free one; of
   * equals the one on the GPU that suits best.
   *
   * @return null if there is none
   */
  SliceState nextShared(String profile, int shares) {
    SliceState best = null;
    Tightness bestGpu = null;
    for (SliceState state : node.slices(profile)) {
      if (freeShares(state) >= shares) {
        int fuller = best == null ? -1 : byFullness(state, best);
        boolean sameGpu = best != null && state.gpu().equals(best.gpu());
        if (fuller < 0 || (fuller == 0 && !sameGpu)) {
          Tightness gpu = tightness(state);
          if (fuller < 0 || gpu.tighter(bestGpu)) {
            best = state;
            bestGpu = gpu;
          }
        }
      }
    }
    return best;
  }

  private int byFullness(SliceState state, SliceState than) {
    int order = Boolean.compare(opens(state), opens(than));
    return order != 0 ? order : freeShares(state) - freeShares(than);
  }

  private Tightness tightness(SliceState state) {
    boolean on = !takenCompute.isEmpty() && takenCompute.containsKey(state.gpu());
    return new Tightness(on, freeCompute(state));
  }

  private boolean isTaken(SliceState state) {
    return !taken.isEmpty() && taken.containsKey(state);
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
    return state.mode() == Mode.FREE && !isTaken(state);
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
