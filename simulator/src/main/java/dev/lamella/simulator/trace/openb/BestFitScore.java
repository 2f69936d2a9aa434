package dev.lamella.simulator.trace.openb;

/** Best fit as the published simulator scores it: the less is left afterwards, the better. */
final class BestFitScore implements NodeScore {

  private static final double MOST_CPU_MILLI = 128_000;
  private static final double MOST_GPU_MILLI = 8_000;

  @Override
  public int score(Machine machine, PodShape shape) {
    double cpu = (machine.cpuMilli() - shape.cpuMilli()) / MOST_CPU_MILLI;
    double gpu = (machine.gpuMilli() - shape.demand()) / MOST_GPU_MILLI;
    return (int) (100 * (1 - 0.5 * cpu - 0.5 * gpu));
  }
}
