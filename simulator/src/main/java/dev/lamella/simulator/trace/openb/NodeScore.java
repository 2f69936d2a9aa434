package dev.lamella.simulator.trace.openb;

/** How good a node is for a pod that it can host: the highest score wins. */
interface NodeScore {

  /** A score that depends on nothing but the node's leftovers and the shape. */
  int score(Machine machine, PodShape shape);

  /** The GPU for a share on the node that won. */
  default int sharedGpu(Machine machine, PodShape shape) {
    return machine.tightest(shape);
  }
}
