package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dashboards and rules are files of the chart, and reach the cluster as they are written. */
class FilesTest {

  private static final String DASHBOARD = "{\"title\": \"A {{ slice }}\"}";
  private static final String RULE =
      """
      # Why it is there.
      groups:
      - name: test
        rules:
        - {alert: Test, expr: up == 0, annotations: {summary: "{{ $labels.slice }} is away"}}
      """;

  @TempDir private Path folder;
  private Path chart;

  @BeforeEach
  void copyWithTwoMoreFiles() throws IOException {
    chart = folder.resolve("lamella");
    try (Stream<Path> files = Files.walk(Chart.DIRECTORY)) {
      for (Path file : files.toList()) {
        Files.copy(file, chart.resolve(Chart.DIRECTORY.relativize(file).toString()));
      }
    }
    write("files/dashboards/test-board.json", DASHBOARD);
    write("files/rules/test.yaml", RULE);
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(chart.resolve(file).getParent());
    Files.writeString(chart.resolve(file), text);
  }

  @Test
  void eachIsAnObjectIfAskedFor() {
    Rendered rendered = Chart.renderElsewhere(chart, Chart.valueSet("everything"));
    JsonNode dashboard = rendered.one("ConfigMap", "slices-dashboard-test-board");
    assertThat(dashboard.path("data").path("test-board.json").asText().strip())
        .isEqualTo(DASHBOARD);
    assertThat(dashboard.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    assertThat(dashboard.at("/metadata/annotations/grafana_folder").asText()).isEqualTo("Lamella");

    JsonNode rule = rendered.one("PrometheusRule", "slices-test");
    assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    assertThat(rule.at("/spec/groups/0/rules/0/annotations/summary").asText())
        .isEqualTo("{{ $labels.slice }} is away");
  }

  @Test
  void byDefaultNoneIs() {
    Rendered rendered = Chart.renderElsewhere(chart, Chart.valueSet("default"));
    assertThat(rendered.ofKind("PrometheusRule")).isEmpty();
    assertThat(rendered.titles().toString()).doesNotContain("dashboard");
  }
}
