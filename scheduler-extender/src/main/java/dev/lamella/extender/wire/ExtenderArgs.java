package dev.lamella.extender.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.extender.kube.PodJson;
import java.util.ArrayList;
import java.util.List;

/**
 * What filter and prioritize are asked: a pod, and either node names or whole nodes.
 *
 * @param nodes a NodeList, or null
 * @param nodeNames names, or null
 */
public record ExtenderArgs(
    @JsonProperty("Pod") PodJson pod,
    @JsonProperty("Nodes") JsonNode nodes,
    @JsonProperty("NodeNames") List<String> nodeNames) {

  /** Whether names were sent; then names are answered. */
  public boolean byName() {
    return nodeNames != null;
  }

  /**
   * The nodes asked about.
   *
   * @throws IllegalArgumentException if neither form was sent
   */
  public List<String> names() {
    if (nodeNames != null) {
      return nodeNames;
    }
    if (nodes == null || !nodes.path("items").isArray()) {
      throw new IllegalArgumentException("NodeNames or Nodes.items is needed");
    }
    List<String> names = new ArrayList<>();
    nodes.path("items").forEach(node -> names.add(node.path("metadata").path("name").asText()));
    return names;
  }
}
