package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.openb.OpenbTrace.PodLine;
import java.util.List;
import java.util.SplittableRandom;

/** Chooses the node, and there the GPU of a share. One per run; told what it chose. */
interface NodePolicy {

  List<String> NAMES = List.of("random", "first-fit", "best-fit", "fgd");

  /** Keeps the random policy's chance apart from the arrivals' of the same seed. */
  long POLICY_CHANCE = 0x6c616d656c6c61L;

  /** The node for a pod; -1 if none hosts it. */
  int node(PodLine pod);

  /** The GPU for a share on a node that hosts it. */
  int sharedGpu(int node, PodShape shape);

  /** A pod was placed on a node. */
  void changed(int node);

  static NodePolicy named(String name, Machine[] machines, TypicalPods typical, long seed) {
    return switch (name) {
      case "random" -> new RandomNode(machines, new SplittableRandom(seed ^ POLICY_CHANCE));
      case "first-fit" -> scored((machine, shape) -> 0, machines);
      case "best-fit" -> scored(new BestFitScore(), machines);
      case "fgd" -> scored(new FragmentationScore(typical), machines);
      default -> throw new IllegalArgumentException("no policy " + name + " on openb");
    };
  }

  private static NodePolicy scored(NodeScore score, Machine[] machines) {
    ScoreTable table = new ScoreTable(score, machines);
    return new NodePolicy() {
      @Override
      public int node(PodLine pod) {
        return table.best(pod);
      }

      @Override
      public int sharedGpu(int node, PodShape shape) {
        return score.sharedGpu(machines[node], shape);
      }

      @Override
      public void changed(int node) {
        table.changed(node);
      }
    };
  }
}
