package dev.lamella.simulator.trace.experiment;

import java.nio.file.Path;
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
}
