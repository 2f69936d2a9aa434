package dev.lamella.simulator.trace;

import dev.lamella.simulator.trace.experiment.Series;
import java.util.Locale;

/** Every single measurement, one a line: for spreadsheets and plots of one's own. */
final class CsvOutput {

  private CsvOutput() {}

  static String text(Results results) {
    StringBuilder text = new StringBuilder("preset,mix,policy,seed,metric,percent\n");
    for (Series series : results.series()) {
      for (int i = 0; i < series.seeds(); i++) {
        text.append(
            String.format(
                Locale.ROOT,
                "%s,%s,%s,%d,%s,%.6f%n",
                series.preset(),
                series.mix(),
                series.policy(),
                i + 1,
                series.metric(),
                series.bySeed().get(i)));
      }
    }
    return text.toString();
  }
}
