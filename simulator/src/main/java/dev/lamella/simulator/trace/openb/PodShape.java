package dev.lamella.simulator.trace.openb;

import java.util.Comparator;

/**
 * What a pod of the trace asks for, except memory.
 *
 * @param cpuMilli thousandths of a core
 * @param gpuMilli thousandths of each of its GPUs; 0 if it has none
 * @param gpus how many GPUs; more than one only if each is asked for whole
 */
record PodShape(int cpuMilli, int gpuMilli, int gpus) {

  static final int WHOLE_GPU = 1000;

  static final Comparator<PodShape> ORDER =
      Comparator.comparingInt(PodShape::cpuMilli)
          .thenComparingInt(PodShape::gpuMilli)
          .thenComparingInt(PodShape::gpus);

  PodShape {
    if (cpuMilli < 0 || gpuMilli < 0 || gpuMilli > WHOLE_GPU || gpus < 0) {
      throw new IllegalArgumentException(
          "cpu_milli %d, gpu_milli %d (at most %d) and num_gpu %d are not negative"
              .formatted(cpuMilli, gpuMilli, WHOLE_GPU, gpus));
    }
    if (gpus > 1 && gpuMilli < WHOLE_GPU || gpus > 0 && gpuMilli == 0) {
      throw new IllegalArgumentException(
          "num_gpu %d with gpu_milli %d: several GPUs are asked for whole, one for at least 1"
              .formatted(gpus, gpuMilli));
    }
  }

  boolean needsGpu() {
    return gpus > 0;
  }

  boolean sharesGpu() {
    return gpus == 1 && gpuMilli < WHOLE_GPU;
  }

  /** Thousandths of a GPU, all together. */
  int demand() {
    return gpus * gpuMilli;
  }

  /** Whether GPUs with these leftovers are enough. */
  boolean fits(int[] residuals) {
    int missing = gpus;
    for (int gpu = 0; missing > 0 && gpu < residuals.length; gpu++) {
      if (residuals[gpu] >= gpuMilli) {
        missing--;
      }
    }
    return missing == 0;
  }

  /** Sets the lowest untouched GPUs to 0, as many as are asked for. */
  void takeWholeGpus(int[] residuals) {
    int missing = gpus;
    for (int gpu = 0; missing > 0; gpu++) {
      if (residuals[gpu] == WHOLE_GPU) {
        residuals[gpu] = 0;
        missing--;
      }
    }
  }
}
