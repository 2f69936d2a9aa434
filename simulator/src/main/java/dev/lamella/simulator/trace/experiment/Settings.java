package dev.lamella.simulator.trace.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What to run.
 *
 * @param mixes mixes of the preset, at least one
 * @param policies policies of the preset, at least one
 * @param seeds how many seeds, from 1 up
 * @param data where trace files are, for presets that read any
 */
public record Settings(List<String> mixes, List<String> policies, int seeds, Optional<Path> data) {

  public Settings {
    mixes = List.copyOf(mixes);
    policies = List.copyOf(policies);
    Objects.requireNonNull(data, "data");
    if (mixes.isEmpty() || policies.isEmpty()) {
      throw new InvalidInputException("at least one mix and one policy are needed");
    }
    if (seeds < 1) {
      throw new InvalidInputException("--seeds is " + seeds + "; it is at least 1");
    }
  }

  /** Runs of a simulation: by mix, then policy, then seed from 1. */
  public List<Run> runs(Simulation simulation) {
    List<Run> runs = new ArrayList<>();
    for (String mix : mixes) {
      for (String policy : policies) {
        for (long seed = 1; seed <= seeds; seed++) {
          long arrivals = seed;
          runs.add(new Run(mix, policy, seed, () -> simulation.measure(mix, policy, arrivals)));
        }
      }
    }
    return runs;
  }

  /** One simulation; a function of its arguments, so that several may run at the same time. */
  @FunctionalInterface
  public interface Simulation {

    /** The same metrics in the same order each time. */
    List<Run.Measure> measure(String mix, String policy, long seed);
  }
}
