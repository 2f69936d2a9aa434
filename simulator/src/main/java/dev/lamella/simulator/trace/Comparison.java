package dev.lamella.simulator.trace;

import dev.lamella.simulator.trace.experiment.Difference;
import dev.lamella.simulator.trace.experiment.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which differences between policies are worth a line: everyone against best fit; Lamella against
 * the best of the others, whoever that is for this mix, and against the optimum.
 */
final class Comparison {

  private static final String BEST_FIT = "best-fit";
  private static final String LAMELLA = "lamella";
  private static final String OPTIMUM = "optimum";

  private Comparison() {}

  /** Differences within one mix and metric, in the order of the series. */
  static List<Difference> of(List<Series> series) {
    List<Difference> differences = new ArrayList<>();
    for (Series one : series) {
      List<Series> others =
          series.stream()
              .filter(other -> other.mix().equals(one.mix()))
              .filter(other -> other.metric().equals(one.metric()))
              .filter(other -> !other.policy().equals(one.policy()))
              .toList();
      named(others, BEST_FIT).ifPresent(other -> differences.add(Difference.between(one, other)));
      if (one.policy().equals(LAMELLA)) {
        best(others).ifPresent(other -> differences.add(Difference.between(one, other)));
        named(others, OPTIMUM).ifPresent(other -> differences.add(Difference.between(one, other)));
      }
    }
    return List.copyOf(differences);
  }

  private static Optional<Series> named(List<Series> series, String policy) {
    return series.stream().filter(one -> one.policy().equals(policy)).findFirst();
  }

  /** The best on average, the first of equals; best fit itself is compared with anyway. */
  private static Optional<Series> best(List<Series> others) {
    return others.stream()
        .filter(other -> !other.policy().equals(OPTIMUM))
        .max(Comparator.comparingDouble(Series::mean))
        .filter(other -> !other.policy().equals(BEST_FIT));
  }
}
