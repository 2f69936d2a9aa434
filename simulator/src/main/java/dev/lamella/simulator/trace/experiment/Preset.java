package dev.lamella.simulator.trace.experiment;

import java.util.List;

/** A simulation with everything set but the mix, the policy and the seed. */
public interface Preset {

  /** As {@code --preset} spells it. */
  String name();

  /** One line for the list of presets. */
  String description();

  /** The mixes it knows, in the order of its table. */
  List<String> mixes();

  /** The policies it can compare, in the order of its table. */
  List<String> policies();

  /**
   * The runs that the settings ask for: by mix, then policy, then seed from 1. Runs of the same mix
   * and seed see the same arrivals. They share no mutable state, so they may run at the same time.
   *
   * @throws InvalidInputException if the settings do not suit this preset
   */
  List<Run> runs(Settings settings);
}
