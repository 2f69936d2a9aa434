package dev.lamella.extender.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The table of metrics in docs/reference.md, from a registry in which each family has a sample. */
final class Golden {

  private static final Path REFERENCE = Path.of("..", "docs", "reference.md");

  private final String begin;
  private final String end;

  /**
   * @param part of the document, between comments of this name
   */
  Golden(String part) {
    begin = "<!-- " + part + ": generated, see the test's message -->\n";
    end = "<!-- end of " + part + " -->\n";
  }

  static String table(CollectorRegistry registry) {
    List<String> rows = new ArrayList<>();
    for (MetricFamilySamples family : Collections.list(registry.metricFamilySamples())) {
      String total = family.type.name().equals("COUNTER") ? "_total" : "";
      rows.add(
          "| `%s%s` | %s | %s | %s | %s |"
              .formatted(
                  family.name,
                  total,
                  family.type.name().toLowerCase(Locale.ROOT),
                  unit(family.name + total),
                  labels(family),
                  family.help));
    }
    Collections.sort(rows);
    return "| metric | type | unit | labels | meaning |\n|---|---|---|---|---|\n"
        + String.join("\n", rows)
        + "\n";
  }

  private static String unit(String name) {
    for (String unit : List.of("bytes", "seconds", "ratio", "watts", "celsius")) {
      if (name.matches(".*_" + unit + "(_total)?")) {
        return unit.equals("ratio") ? "0 to 1" : unit;
      }
    }
    return "";
  }

  private static String labels(MetricFamilySamples family) {
    if (family.samples.isEmpty()) {
      throw new AssertionError(family.name + " has no sample: the test must make one");
    }
    List<String> labels = new ArrayList<>(family.samples.get(0).labelNames);
    labels.remove("le");
    return String.join(", ", labels);
  }

  /** What the document says, or with {@code -Dlamella.golden=write} is made to say. */
  String documented(String table) {
    try {
      String text = Files.readString(REFERENCE);
      int from = text.indexOf(begin);
      int to = text.indexOf(end);
      if (from < 0 || to < from) {
        throw new AssertionError(REFERENCE + " lacks the lines " + begin + "and " + end);
      }
      if ("write".equals(System.getProperty("lamella.golden"))) {
        Files.writeString(
            REFERENCE, text.substring(0, from + begin.length()) + table + text.substring(to));
        return table;
      }
      return text.substring(from + begin.length(), to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
