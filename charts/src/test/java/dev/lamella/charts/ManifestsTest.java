package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every set of values, on the oldest and the newest Kubernetes. */
class ManifestsTest {

  private static final Set<String> CLUSTER_WIDE =
      Set.of(
          "ClusterRole",
          "ClusterRoleBinding",
          "MutatingWebhookConfiguration",
          "ValidatingWebhookConfiguration",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "RuntimeClass");

  static Stream<Arguments> setsAndVersions() throws IOException {
    return Chart.valueSets().stream()
        .flatMap(set -> Chart.VERSIONS.stream().map(version -> Arguments.of(set, version)));
  }

  static List<Path> sets() throws IOException {
    return Chart.valueSets();
  }

  @Test
  void helm3LintFindsNothing() {
    LintResult lint = Chart.lint();
    assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("setsAndVersions")
  void whatIsRenderedIsWhatKubernetesKnows(Path set, String version) {
    Schema schema = Schema.of(version);
    for (JsonNode object : Chart.render(set, version).objects()) {
      assertThat(schema.faults(object)).as(Rendered.title(object)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void objectsAreNamedLabelledAndWhereTheyBelong(Path set) {
    Rendered rendered = Chart.render(set, Chart.VERSIONS.get(0));
    assertThat(rendered.titles()).doesNotHaveDuplicates();
    for (JsonNode object : rendered.objects()) {
      JsonNode metadata = object.path("metadata");
      String title = Rendered.title(object);
      assertThat(metadata.path("name").asText()).as(title).matches("[a-z0-9][a-z0-9.-]{0,62}");
      assertThat(metadata.path("labels").path("app.kubernetes.io/instance").asText())
          .as(title)
          .isEqualTo("lamella");
      assertThat(metadata.has("namespace"))
          .as(title + " has a namespace unless it is the cluster's")
          .isEqualTo(!CLUSTER_WIDE.contains(object.path("kind").asText()));
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void selectorsFindTheirPodsAndNoOthers(Path set) {
    Rendered rendered = Chart.render(set, Chart.VERSIONS.get(0));
    for (JsonNode workload : rendered.workloads()) {
      Map<String, String> selector = strings(workload.at("/spec/selector/matchLabels"));
      List<String> found =
          rendered.workloads().stream()
              .filter(
                  other ->
                      strings(other.at("/spec/template/metadata/labels"))
                          .entrySet()
                          .containsAll(selector.entrySet()))
              .map(Rendered::title)
              .toList();
      assertThat(found).containsExactly(Rendered.title(workload));
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void whatPodsMountIsRenderedOrNamedByTheUser(Path set) {
    Rendered rendered = Chart.render(set, Chart.VERSIONS.get(0));
    for (JsonNode workload : rendered.workloads()) {
      JsonNode spec = Rendered.podSpec(workload);
      Set<String> volumes = names(spec.path("volumes"));
      for (JsonNode container : spec.path("containers")) {
        assertThat(names(container.path("volumeMounts"))).isEqualTo(volumes);
      }
    }
  }

  private static Set<String> names(JsonNode list) {
    return list.valueStream().map(n -> n.path("name").asText()).collect(Collectors.toSet());
  }

  private static Map<String, String> strings(JsonNode object) {
    return object
        .propertyStream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
  }
}
