package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check that the other tests rely on finds what is wrong. */
class SchemaTest {

  static List<String> versions() {
    return Chart.VERSIONS;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void findsUnknownMissingAndMistypedFieldsAtAnyDepth(String version) {
    Schema schema = Schema.of(version);
    assertThat(faults(schema, "/spec/template/spec/containers/0/", "imagePullPolici", "Always"))
        .contains("imagePullPolici");
    assertThat(faults(schema, "/spec/updateStrategy/rollingUpdate/", "maxSurgee", "0"))
        .contains("maxSurgee");
    assertThat(faults(schema, "/spec/template/spec/", "terminationGracePeriodSeconds", "soon"))
        .contains("soon");
    ObjectNode headless = daemon();
    ((ObjectNode) headless.path("spec")).remove("selector");
    assertThat(schema.faults(headless).toString()).contains("selector");
    assertThat(schema.faults(daemon())).isEmpty();
  }

  @Test
  void theOldestIsNotTheNewest() {
    // Container-level restartPolicyRules are younger than 1.31.
    ObjectNode daemon = daemon();
    ((ObjectNode) daemon.at("/spec/template/spec/containers/0")).putArray("restartPolicyRules");
    assertThat(Schema.of("v1.31.0").faults(daemon).toString()).contains("restartPolicyRules");
    assertThat(Schema.of("v1.36.3").faults(daemon)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void theDefinitionsAreWhatKubernetesKnows(String version) throws IOException {
    try (Stream<Path> files = Files.list(Chart.DIRECTORY.resolve("crds"))) {
      for (Path file : files.toList()) {
        JsonNode definition = new YAMLMapper().readTree(file.toFile());
        assertThat(Schema.of(version).faults(definition)).as(file.toString()).isEmpty();
      }
    }
  }

  private static String faults(Schema schema, String at, String field, String value) {
    ObjectNode daemon = daemon();
    ((ObjectNode) daemon.at(at.substring(0, at.length() - 1))).put(field, value);
    return schema.faults(daemon).toString();
  }

  private static ObjectNode daemon() {
    return Chart.render("default").one("DaemonSet", "lamella-device-plugin").deepCopy();
  }
}
