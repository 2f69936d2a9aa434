package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.experiment.Run.Measure;
import dev.lamella.simulator.trace.openb.OpenbTrace.PodLine;
import java.util.List;

/** One policy against one seed's pods; nothing departs, and what fits nowhere is lost. */
final class OpenbRun {

  private final OpenbTrace trace;
  private final String policy;
  private final long seed;

  OpenbRun(OpenbTrace trace, String policy, long seed) {
    this.trace = trace;
    this.policy = policy;
    this.seed = seed;
  }

  /**
   * The part of all GPUs that is allocated when the demand so far reaches 100 and 120 % of them.
   */
  List<Measure> measure() {
    Machine[] machines = trace.nodes().stream().map(Machine::new).toArray(Machine[]::new);
    NodePolicy chooser = NodePolicy.named(policy, machines, TypicalPods.of(trace.pods()), seed);
    long capacity = trace.capacity();
    long arrived = 0;
    long allocated = 0;
    double at100 = Double.NaN;
    for (PodLine pod : Workload.of(trace, seed)) {
      arrived += pod.shape().demand();
      int node = chooser.node(pod);
      if (node >= 0) {
        machines[node].take(pod, chooser.sharedGpu(node, pod.shape()));
        chooser.changed(node);
        allocated += pod.shape().demand();
      }
      if (Double.isNaN(at100) && arrived >= capacity) {
        at100 = 100.0 * allocated / capacity;
      }
      if (arrived >= 1.2 * capacity) {
        break;
      }
    }
    return List.of(
        new Measure("allocationAt100", at100),
        new Measure("allocationAt120", 100.0 * allocated / capacity));
  }
}
