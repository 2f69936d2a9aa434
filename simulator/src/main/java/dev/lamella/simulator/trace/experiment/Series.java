package dev.lamella.simulator.trace.experiment;

import java.util.List;

/**
 * One metric of one policy, over all seeds.
 *
 * @param bySeed percent; the same position is the same seed in every series of an experiment
 */
public record Series(String preset, String mix, String policy, String metric, List<Double> bySeed) {

  public Series {
    bySeed = List.copyOf(bySeed);
    if (bySeed.isEmpty()) {
      throw new IllegalArgumentException("a series has at least one seed");
    }
  }

  public int seeds() {
    return bySeed.size();
  }

  public double mean() {
    return Statistics.mean(bySeed);
  }

  /** Standard deviation between seeds; 0 for a single one. */
  public double sd() {
    return Statistics.sd(bySeed);
  }
}
