package dev.lamella.simulator.trace;

import dev.lamella.simulator.trace.experiment.Difference;
import dev.lamella.simulator.trace.experiment.Series;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** A table of policies by mixes for every metric, then the differences of the main metric. */
final class TableOutput {

  private static final String NAME = "%-12s";
  private static final String CELL = "  %16s";

  private TableOutput() {}

  static void print(Results results, PrintWriter out) {
    Series any = results.series().get(0);
    int seeds = any.seeds();
    for (String metric : results.metrics()) {
      out.printf("%s %s, %s: mean (sd) of %d seeds%n", any.preset(), metric, unit(metric), seeds);
      printTable(results, metric, out);
      out.println();
    }
    printDifferences(results, out);
  }

  /** Not everything that a preset measures is a part of something. */
  private static String unit(String metric) {
    if (metric.endsWith("Seconds")) {
      return "seconds";
    }
    boolean counted = metric.contains("evictions") || metric.endsWith("Violations");
    return counted ? "number" : "percent";
  }

  private static void printTable(Results results, String metric, PrintWriter out) {
    StringBuilder head = new StringBuilder(NAME.formatted("policy"));
    results.mixes().forEach(mix -> head.append(CELL.formatted(mix)));
    out.println(head);
    for (String policy : results.policies()) {
      StringBuilder line = new StringBuilder(NAME.formatted(policy));
      for (String mix : results.mixes()) {
        Series series = results.series(mix, policy, metric);
        line.append(CELL.formatted(cell("%.2f (%.2f)", series.mean(), series.sd())));
      }
      out.println(line);
    }
  }

  private static void printDifferences(Results results, PrintWriter out) {
    List<Difference> differences =
        results.differences().stream()
            .filter(difference -> difference.metric().equals(results.mainMetric()))
            .toList();
    if (differences.isEmpty()) {
      return;
    }
    out.printf("differences in %s by seed, points [95 %% interval]%n", results.mainMetric());
    for (Difference next : differences) {
      out.println(
          "%-12s %-12s against %-12s %s"
              .formatted(
                  next.mix(),
                  next.policy(),
                  next.against(),
                  cell("%+6.2f  [%+.2f, %+.2f]", next.points(), next.low(), next.high())));
    }
  }

  private static String cell(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
