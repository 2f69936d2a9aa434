package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Objects of the chart as it is installed with its own values. */
final class ChartObject {

  private static final YAMLMapper YAML = new YAMLMapper();

  private ChartObject() {}

  /** The first one of a kind in a template. */
  static JsonNode of(Cluster cluster, String template, String kind) throws Exception {
    try (MappingIterator<JsonNode> objects =
        YAML.readerFor(JsonNode.class).readValues(text(cluster, template))) {
      while (objects.hasNext()) {
        JsonNode object = objects.next();
        if (object.path("kind").asText().equals(kind)) {
          return object;
        }
      }
    }
    throw new IllegalStateException(template + " has no " + kind);
  }

  /** What the chart puts into the environment of the first container of a template. */
  static Map<String, String> environment(Cluster cluster, String template, String kind)
      throws Exception {
    JsonNode env = of(cluster, template, kind).at("/spec/template/spec/containers/0/env");
    Map<String, String> environment = new TreeMap<>();
    for (JsonNode variable : env) {
      if (variable.has("value")) {
        environment.put(variable.path("name").asText(), variable.path("value").asText());
      }
    }
    return environment;
  }

  /** All of a template. */
  static String text(Cluster cluster, String template) throws Exception {
    return cluster
        .kubectl()
        .render(cluster.checkout().chart(), Cluster.SYSTEM, List.of(template), List.of());
  }

  /** What the first ConfigMap of a template has under config.yaml, to be changed. */
  static ObjectNode config(Cluster cluster, String template) throws Exception {
    String text = of(cluster, template, "ConfigMap").at("/data/config.yaml").asText();
    return (ObjectNode) YAML.readTree(text);
  }

  static String yaml(ObjectNode config) throws Exception {
    return YAML.writeValueAsString(config);
  }
}
