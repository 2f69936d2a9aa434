package dev.lamella.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rendered manifests.
 *
 * @param objects in helm's order
 */
record Rendered(List<JsonNode> objects) {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> WORKLOADS = Set.of("Deployment", "DaemonSet", "Job", "CronJob");

  static Rendered of(String text) {
    List<JsonNode> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNext()) {
        JsonNode next = documents.next();
        if (next != null && next.isObject()) {
          objects.add(next);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
    return new Rendered(List.copyOf(objects));
  }

  List<JsonNode> ofKind(String kind) {
    return objects.stream().filter(o -> o.path("kind").asText().equals(kind)).toList();
  }

  /** The one object of a kind and name. */
  JsonNode one(String kind, String name) {
    return objects.stream()
        .filter(o -> title(o).equals(kind + "/" + name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + "/" + name + " in " + titles()));
  }

  List<String> titles() {
    return objects.stream().map(Rendered::title).toList();
  }

  /** Whatever has a pod template. */
  List<JsonNode> workloads() {
    return objects.stream().filter(o -> WORKLOADS.contains(o.path("kind").asText())).toList();
  }

  /** Pod spec of a workload. */
  static JsonNode podSpec(JsonNode workload) {
    JsonNode direct = workload.at("/spec/template/spec");
    return direct.isMissingNode() ? workload.at("/spec/jobTemplate/spec/template/spec") : direct;
  }

  static String title(JsonNode object) {
    return object.path("kind").asText() + "/" + object.at("/metadata/name").asText();
  }
}
