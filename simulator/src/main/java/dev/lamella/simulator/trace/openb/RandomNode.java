package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.openb.OpenbTrace.PodLine;
import java.util.SplittableRandom;

/** Any node that hosts the pod, all alike; a share takes the tightest GPU there. */
final class RandomNode implements NodePolicy {

  private final Machine[] machines;
  private final SplittableRandom random;

  RandomNode(Machine[] machines, SplittableRandom random) {
    this.machines = machines;
    this.random = random;
  }

  @Override
  public int node(PodLine pod) {
    int chosen = -1;
    int feasible = 0;
    for (int node = 0; node < machines.length; node++) {
      if (machines[node].hosts(pod) && random.nextInt(++feasible) == 0) {
        chosen = node;
      }
    }
    return chosen;
  }

  @Override
  public int sharedGpu(int node, PodShape shape) {
    return machines[node].tightest(shape);
  }

  @Override
  public void changed(int node) {
    // What is left is read from the machines themselves.
  }
}
