package dev.lamella.core.placement;

/**
 * Which of two places is better. A policy is two comparators over one shared loop: one for the GPUs
 * of a node, one for nodes.
 *
 * <p>Whatever the policy, the slices of one pod lie on as few NUMA nodes and GPUs as possible, and
 * every order of nodes ends in the name.
 */
public enum PlacementPolicy {

  /** What is open already is filled before anything is opened, so that whole GPUs stay free. */
  PACK("pack") {
    @Override
    int compareGpus(GpuFit a, GpuFit b) {
      return Integer.compare(a.free(), b.free());
    }

    @Override
    int compareNodes(Fit a, Fit b) {
      int order = Integer.compare(a.slicesOpened(), b.slicesOpened());
      order = order != 0 ? order : Integer.compare(a.gpusOpened(), b.gpusOpened());
      order = order != 0 ? order : Integer.compare(a.freeAfter(), b.freeAfter());
      return order != 0 ? order : Integer.compare(a.freeOnNode(), b.freeOnNode());
    }
  },

  /** Pods are kept apart: the emptiest slices, GPUs and nodes first. */
  SPREAD("spread") {
    @Override
    boolean fillsShared() {
      return false;
    }

    @Override
    int compareGpus(GpuFit a, GpuFit b) {
      return PACK.compareGpus(b, a);
    }

    @Override
    int compareNodes(Fit a, Fit b) {
      return PACK.compareNodes(b, a);
    }
  },

  /**
   * The GPUs on which the fewest instances could start any more are used up first, weighted by the
   * mix of what is asked for: what stays free of pods can be cut anew for most requests to come.
   */
  FRAGMENTATION("fragmentation") {
    @Override
    boolean weighsStarts() {
      return true;
    }

    @Override
    int compareGpus(GpuFit a, GpuFit b) {
      int order = Long.compare(a.startsLost(), b.startsLost());
      return order != 0 ? order : PACK.compareGpus(a, b);
    }

    @Override
    int compareNodes(Fit a, Fit b) {
      int order = Integer.compare(a.slicesOpened(), b.slicesOpened());
      order = order != 0 ? order : Long.compare(a.startsLost(), b.startsLost());
      return order != 0 ? order : PACK.compareNodes(a, b);
    }
  };

  private final String text;

  PlacementPolicy(String text) {
    this.text = text;
  }

  /** As the configuration spells it. */
  public String text() {
    return text;
  }

  /** Whether shares go to the fullest shared slice rather than to the emptiest. */
  boolean fillsShared() {
    return true;
  }

  /** Whether what is lost for requests to come is worked out. */
  boolean weighsStarts() {
    return false;
  }

  abstract int compareGpus(GpuFit a, GpuFit b);

  abstract int compareNodes(Fit a, Fit b);

  /** Whether one GPU suits a pod better; of equals the first in the node's order stays. */
  final boolean better(GpuFit a, GpuFit b) {
    if (a.used() != b.used()) {
      return a.used();
    }
    return a.nearby() != b.nearby() ? a.nearby() : compareGpus(a, b) < 0;
  }

  /** A total order of places, the best first. */
  public final int compare(Fit a, Fit b) {
    int order = Integer.compare(a.numaNodes(), b.numaNodes());
    order = order != 0 ? order : Integer.compare(a.gpus(), b.gpus());
    order = order != 0 ? order : compareNodes(a, b);
    return order != 0 ? order : a.node().compareTo(b.node());
  }
}
