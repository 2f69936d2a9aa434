package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.openb.OpenbTrace.PodLine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The pods of one seed: the trace shuffled, then resamples of it up to 130 % of the GPUs. */
final class Workload {

  private static final double DEMAND = 1.3;

  private Workload() {}

  static List<PodLine> of(OpenbTrace trace, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PodLine> pods = new ArrayList<>(trace.pods());
    for (int i = pods.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      PodLine swapped = pods.get(i);
      pods.set(i, pods.get(other));
      pods.set(other, swapped);
    }
    long demand = pods.stream().mapToLong(pod -> pod.shape().demand()).sum();
    while (demand < DEMAND * trace.capacity()) {
      PodLine again = trace.pods().get(random.nextInt(trace.pods().size()));
      pods.add(again);
      demand += again.shape().demand();
    }
    return pods;
  }
}
