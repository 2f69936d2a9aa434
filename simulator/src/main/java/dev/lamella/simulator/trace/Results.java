package dev.lamella.simulator.trace;

import dev.lamella.simulator.trace.experiment.Difference;
import dev.lamella.simulator.trace.experiment.Series;
import java.util.List;

/**
 * What a simulation found.
 *
 * @param series by mix, policy and metric
 * @param differences between policies over the same seeds
 */
record Results(List<Series> series, List<Difference> differences) {

  Results {
    series = List.copyOf(series);
    differences = List.copyOf(differences);
  }

  static Results of(List<Series> series) {
    return new Results(series, Comparison.of(series));
  }

  List<String> mixes() {
    return series.stream().map(Series::mix).distinct().toList();
  }

  List<String> policies() {
    return series.stream().map(Series::policy).distinct().toList();
  }

  List<String> metrics() {
    return series.stream().map(Series::metric).distinct().toList();
  }

  /** The metric that the preset is about. */
  String mainMetric() {
    return metrics().get(0);
  }

  List<Series> ofMetric(String metric) {
    return series.stream().filter(one -> one.metric().equals(metric)).toList();
  }

  Series series(String mix, String policy, String metric) {
    return series.stream()
        .filter(one -> one.mix().equals(mix))
        .filter(one -> one.policy().equals(policy))
        .filter(one -> one.metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }
}
