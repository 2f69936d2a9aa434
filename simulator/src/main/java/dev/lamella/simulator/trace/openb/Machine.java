package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.openb.OpenbTrace.NodeLine;
import dev.lamella.simulator.trace.openb.OpenbTrace.PodLine;
import java.util.Arrays;

/** What is left of one node. Owned by one run. */
final class Machine {

  private int cpuMilli;
  private int memoryMib;
  private int gpuMilli;
  private final int[] residuals;

  Machine(NodeLine node) {
    cpuMilli = node.cpuMilli();
    memoryMib = node.memoryMib();
    gpuMilli = node.gpus() * PodShape.WHOLE_GPU;
    residuals = new int[node.gpus()];
    Arrays.fill(residuals, PodShape.WHOLE_GPU);
  }

  int cpuMilli() {
    return cpuMilli;
  }

  /** Thousandths of a GPU left on all GPUs together. */
  int gpuMilli() {
    return gpuMilli;
  }

  int gpus() {
    return residuals.length;
  }

  /** Thousandths left of one GPU. */
  int residual(int gpu) {
    return residuals[gpu];
  }

  boolean hosts(PodLine pod) {
    return pod.memoryMib() <= memoryMib && hosts(pod.shape());
  }

  /** Whether there is room by CPU and GPUs, whatever the memory. */
  boolean hosts(PodShape shape) {
    return shape.cpuMilli() <= cpuMilli && shape.fits(residuals);
  }

  /** A copy of what is left of each GPU, in thousandths. */
  int[] residuals() {
    return residuals.clone();
  }

  /** The GPU with the least left that is enough for a share; the lowest of equals. */
  int tightest(PodShape shape) {
    int tightest = -1;
    for (int gpu = 0; gpu < residuals.length; gpu++) {
      if (residuals[gpu] >= shape.gpuMilli()
          && (tightest < 0 || residuals[gpu] < residuals[tightest])) {
        tightest = gpu;
      }
    }
    return tightest;
  }

  /** Takes a pod; a share goes to the GPU given, whole GPUs are the lowest free ones. */
  void take(PodLine pod, int sharedGpu) {
    PodShape shape = pod.shape();
    cpuMilli -= shape.cpuMilli();
    memoryMib -= pod.memoryMib();
    gpuMilli -= shape.demand();
    if (shape.sharesGpu()) {
      residuals[sharedGpu] -= shape.gpuMilli();
    } else {
      shape.takeWholeGpus(residuals);
    }
  }
}
