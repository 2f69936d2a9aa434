package dev.lamella.simulator.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.lamella.simulator.trace.experiment.Difference;
import dev.lamella.simulator.trace.experiment.Series;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** The results as one JSON object. */
final class JsonOutput {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonOutput() {}

  static void print(Results results, PrintWriter out) throws IOException {
    out.println(JSON.writeValueAsString(Document.of(results)));
  }

  record Document(List<Row> rows, List<Delta> differences) {

    static Document of(Results results) {
      return new Document(
          results.series().stream().map(Row::of).toList(),
          results.differences().stream().map(Delta::of).toList());
    }
  }

  /** Mean and sd in percent. */
  record Row(
      String preset, String mix, String policy, int seeds, String metric, double mean, double sd) {

    static Row of(Series series) {
      return new Row(
          series.preset(),
          series.mix(),
          series.policy(),
          series.seeds(),
          series.metric(),
          rounded(series.mean()),
          rounded(series.sd()));
    }
  }

  /** Mean and 95 % interval in percentage points; no interval for a single seed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Delta(
      String preset,
      String mix,
      String metric,
      String policy,
      String against,
      double mean,
      Double low,
      Double high) {

    static Delta of(Difference difference) {
      return new Delta(
          difference.preset(),
          difference.mix(),
          difference.metric(),
          difference.policy(),
          difference.against(),
          rounded(difference.points()),
          Double.isNaN(difference.low()) ? null : rounded(difference.low()),
          Double.isNaN(difference.high()) ? null : rounded(difference.high()));
    }
  }

  /** Four decimals: more would be noise in a diff. */
  private static double rounded(double value) {
    return Math.rint(value * 10_000) / 10_000;
  }
}
