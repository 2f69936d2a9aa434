package dev.lamella.core.placement;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.ledger.GpuState;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The slices of one node while a pod is being placed on it: the ledger's word, less what this pod
 * has been given so far. Written as loops: it runs for every node that kube-scheduler asks about.
 */
final class NodeSlices {

  private static final int WHOLE = 0;

  private final NodeState node;
  private final PlacementPolicy policy;
  private final StartsLost startsLost;

  /** What this pod was given, slice by slice. */
  private final List<Taken> taken = new ArrayList<>(4);

  /** So many shares of a slice, or {@link #WHOLE}. */
  private record Taken(SliceState slice, int shares) {}

  NodeSlices(NodeState node, PlacementPolicy policy, StartsLost startsLost) {
    this.node = node;
    this.policy = policy;
    this.startsLost = startsLost;
  }

  /**
   * The slice to give whole, on the GPU that suits best. The slices come in a total order, so that
   * the first of two equals stays.
   *
   * @return null if there is none
   */
  SliceState nextWhole(String profile) {
    SliceState best = null;
    GpuFit bestGpu = null;
    SliceState last = null;
    GpuFit gpu = null;
    for (SliceState state : choices(profile)) {
      if (state.freeWhole() && !isTaken(state)) {
        gpu = fitsAlike(last, state) ? gpu : fit(state);
        last = state;
        if (best == null || policy.better(gpu, bestGpu)) {
          best = state;
          bestGpu = gpu;
        }
      }
    }
    return best;
  }

  /**
   * The slice that n shares come from: by fullness, as the policy has it; of equals the one on the
   * GPU that suits best.
   *
   * @param apart whether it must be one of which this pod has nothing yet
   * @return null if there is none
   */
  SliceState nextShared(String profile, int shares, boolean apart) {
    SliceState best = null;
    GpuFit bestGpu = null;
    SliceState last = null;
    GpuFit gpu = null;
    for (SliceState state : choices(profile)) {
      if (freeShares(state) >= shares && !(apart && isTaken(state))) {
        int order = best == null ? -1 : byFullness(state, best);
        if (order <= 0) {
          gpu = fitsAlike(last, state) ? gpu : fit(state);
          last = state;
          if (order < 0 || policy.better(gpu, bestGpu)) {
            best = state;
            bestGpu = gpu;
          }
        }
      }
    }
    return best;
  }

  /** A few stand for all while the pod has nothing yet, unless those of one GPU differ. */
  private List<SliceState> choices(String profile) {
    return taken.isEmpty() && !policy.weighsStarts()
        ? node.vacancy(profile).choices()
        : node.slices(profile);
  }

  /** Slices come GPU by GPU, and unless starts are weighed those of one GPU suit alike. */
  private boolean fitsAlike(SliceState last, SliceState state) {
    return last != null && !policy.weighsStarts() && last.gpu().equals(state.gpu());
  }

  private int byFullness(SliceState state, SliceState than) {
    int order = Boolean.compare(opens(state), opens(than));
    order = order != 0 ? order : freeShares(state) - freeShares(than);
    return policy.fillsShared() ? order : -order;
  }

  private GpuFit fit(SliceState state) {
    GpuState gpu = node.gpu(state);
    boolean used = false;
    boolean nearby = false;
    int free = gpu.freeCompute();
    for (Taken mine : taken) {
      boolean same = mine.slice().gpu().equals(state.gpu());
      used |= same;
      nearby |= sameNuma(gpu, node.gpu(mine.slice()));
      free -= same && mine.slice().mode() == Mode.FREE ? mine.slice().slice().computeSlices() : 0;
    }
    return new GpuFit(used, nearby, lost(gpu, state), free);
  }

  private static boolean sameNuma(GpuState a, GpuState b) {
    OptionalInt numa = a.kind().numaNode();
    return numa.isPresent() && numa.equals(b.kind().numaNode());
  }

  private long lost(GpuState gpu, SliceState state) {
    return policy.weighsStarts() && state.mode() == Mode.FREE
        ? startsLost.of(gpu, state.slice().placement().mask())
        : 0;
  }

  private boolean isTaken(SliceState state) {
    for (Taken mine : taken) {
      if (mine.slice() == state) {
        return true;
      }
    }
    return false;
  }

  void takeWhole(SliceState state) {
    taken.add(new Taken(state, WHOLE));
  }

  void takeShares(SliceState state, int shares) {
    for (int i = 0; i < taken.size(); i++) {
      if (taken.get(i).slice() == state) {
        taken.set(i, new Taken(state, taken.get(i).shares() + shares));
        return;
      }
    }
    taken.add(new Taken(state, shares));
  }

  int freeShares(SliceState state) {
    for (Taken mine : taken) {
      if (mine.slice() == state) {
        return mine.shares() == WHOLE ? 0 : state.freeShares() - mine.shares();
      }
    }
    return state.freeShares();
  }

  /** Whether nobody holds it yet, this pod included. */
  private boolean opens(SliceState state) {
    return state.mode() == Mode.FREE && !isTaken(state);
  }

  Fit fit() {
    int opened = 0;
    int gpusOpened = 0;
    int gpus = 0;
    int freeAfter = 0;
    long lost = 0;
    List<OptionalInt> numaNodes = new ArrayList<>(2);
    for (int i = 0; i < taken.size(); i++) {
      SliceState slice = taken.get(i).slice();
      GpuState gpu = node.gpu(slice);
      opened += taken.get(i).shares() != WHOLE && slice.mode() == Mode.FREE ? 1 : 0;
      lost += lost(gpu, slice);
      if (firstOnGpu(i)) {
        gpus++;
        gpusOpened += gpu.empty() ? 1 : 0;
        freeAfter += fit(slice).free();
      }
      if (!numaNodes.contains(gpu.kind().numaNode())) {
        numaNodes.add(gpu.kind().numaNode());
      }
    }
    return new Fit(
        numaNodes.size(),
        gpus,
        opened,
        gpusOpened,
        lost,
        freeAfter,
        node.freeCompute(),
        node.name());
  }

  private boolean firstOnGpu(int index) {
    for (int i = 0; i < index; i++) {
      if (taken.get(i).slice().gpu().equals(taken.get(index).slice().gpu())) {
        return false;
      }
    }
    return true;
  }
}
