package dev.lamella.simulator.trace.openb;

/**
 * Fragmentation gradient descent (FGD, USENIX ATC'23).
 *
 * <p>F of a node is how many thousandths of its GPUs a typical pod is expected to have no use for:
 * all that is left if the pod needs no GPU or the node cannot host it by CPU or GPUs, else what is
 * left on GPUs with too little for it. The score is 100 * sigmoid((F now - F with the pod) / 1000),
 * cut to an integer. For a share each GPU that fits is tried, equal leftovers once.
 */
final class FragmentationScore implements NodeScore {

  private static final int NO_GPU = -1;

  private final TypicalPods typical;

  FragmentationScore(TypicalPods typical) {
    this.typical = typical;
  }

  @Override
  public int score(Machine machine, PodShape shape) {
    if (shape.sharesGpu()) {
      return scoreOn(machine, shape, sharedGpu(machine, shape));
    }
    int[] residuals = machine.residuals();
    shape.takeWholeGpus(residuals);
    return score(machine, shape, residuals);
  }

  /** The GPU with the best score; among equals the one with the least left, then the lowest. */
  @Override
  public int sharedGpu(Machine machine, PodShape shape) {
    int best = NO_GPU;
    int bestScore = 0;
    for (int gpu = 0; gpu < machine.gpus(); gpu++) {
      if (machine.residual(gpu) < shape.gpuMilli() || isRepeated(machine, gpu)) {
        continue;
      }
      int score = scoreOn(machine, shape, gpu);
      if (best == NO_GPU
          || score > bestScore
          || (score == bestScore && machine.residual(gpu) < machine.residual(best))) {
        best = gpu;
        bestScore = score;
      }
    }
    return best;
  }

  private static boolean isRepeated(Machine machine, int gpu) {
    for (int other = 0; other < gpu; other++) {
      if (machine.residual(other) == machine.residual(gpu)) {
        return true;
      }
    }
    return false;
  }

  private int scoreOn(Machine machine, PodShape shape, int gpu) {
    int[] residuals = machine.residuals();
    residuals[gpu] -= shape.gpuMilli();
    return score(machine, shape, residuals);
  }

  private int score(Machine machine, PodShape shape, int[] residualsAfter) {
    double before = typical.unusable(machine.cpuMilli(), machine.residuals());
    double after = typical.unusable(machine.cpuMilli() - shape.cpuMilli(), residualsAfter);
    return (int) (100 / (1 + StrictMath.exp((after - before) / PodShape.WHOLE_GPU)));
  }
}
