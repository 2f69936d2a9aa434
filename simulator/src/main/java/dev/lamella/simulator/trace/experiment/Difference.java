package dev.lamella.simulator.trace.experiment;

import java.util.ArrayList;
import java.util.List;

/**
 * How much more one policy reaches than another, seed by seed.
 *
 * @param against the policy compared with
 * @param points mean of the differences in percentage points; positive: {@code policy} reaches more
 * @param low lower end of its 95 % interval; not a number for a single seed
 * @param high upper end
 */
public record Difference(
    String preset,
    String mix,
    String metric,
    String policy,
    String against,
    double points,
    double low,
    double high) {

  /** The difference of two series over the same seeds. */
  public static Difference between(Series series, Series against) {
    if (series.seeds() != against.seeds()) {
      throw new IllegalArgumentException(
          "%d seeds cannot be compared with %d".formatted(series.seeds(), against.seeds()));
    }
    List<Double> pairs = new ArrayList<>();
    for (int seed = 0; seed < series.seeds(); seed++) {
      pairs.add(series.bySeed().get(seed) - against.bySeed().get(seed));
    }
    double mean = Statistics.mean(pairs);
    double half = Statistics.halfWidth(pairs);
    return new Difference(
        series.preset(),
        series.mix(),
        series.metric(),
        series.policy(),
        against.policy(),
        mean,
        mean - half,
        mean + half);
  }
}
