package dev.lamella.simulator.trace.slices;

import dev.lamella.core.instance.InstancePolicies;
import dev.lamella.core.instance.InstancePolicy;
import java.util.List;
import java.util.SplittableRandom;

/** The policies by the names of the command line. */
final class SlicePolicies {

  /** Keeps the random policy's chance apart from the arrivals' of the same seed. */
  private static final long POLICY_CHANCE = 0x6c616d656c6c61L;

  static final List<String> NAMES =
      List.of("random", "first-fit", "best-fit", "worst-fit", "capability", "fgd", "lamella");

  private SlicePolicies() {}

  static InstancePolicy named(String name, long seed) {
    return switch (name) {
      case "random" -> InstancePolicies.random(new SplittableRandom(seed ^ POLICY_CHANCE)::nextInt);
      case "first-fit" -> InstancePolicies.firstFit();
      case "best-fit" -> InstancePolicies.bestFit();
      case "worst-fit" -> InstancePolicies.worstFit();
      case "capability" -> InstancePolicies.capability();
      case "fgd" -> InstancePolicies.expectedUnusable();
      case "lamella" -> InstancePolicies.lamella();
      default -> throw new IllegalArgumentException("no policy " + name + " on slices");
    };
  }
}
