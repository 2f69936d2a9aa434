package dev.lamella.extender.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.extender.decide.FilterAnswer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What filter answers. Every rejected node stands in FailedAndUnresolvableNodes: in-tree preemption
 * cannot see what would free a slice, so its dry run would be in vain.
 */
public record FilterResult(
    @JsonProperty("Nodes") JsonNode nodes,
    @JsonProperty("NodeNames") List<String> nodeNames,
    @JsonProperty("FailedNodes") Map<String, String> failedNodes,
    @JsonProperty("FailedAndUnresolvableNodes") Map<String, String> failedAndUnresolvableNodes,
    @JsonProperty("Error") String error) {

  /** The answer to a question, in the form in which it was asked. */
  public static FilterResult of(ExtenderArgs asked, FilterAnswer answer) {
    Map<String, String> failed = new LinkedHashMap<>();
    answer.rejected().forEach((node, reason) -> failed.put(node, reason.sentence()));
    return new FilterResult(
        asked.byName() ? null : only(asked.nodes(), answer.feasible()),
        asked.byName() ? answer.feasible() : null,
        Map.of(),
        failed,
        "");
  }

  /** A failure of the whole cycle; the pod is tried again. */
  public static FilterResult error(String message) {
    return new FilterResult(null, null, Map.of(), Map.of(), message);
  }

  private static JsonNode only(JsonNode list, List<String> feasible) {
    Set<String> wanted = new HashSet<>(feasible);
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (JsonNode node : list.path("items")) {
      if (wanted.contains(node.path("metadata").path("name").asText())) {
        items.add(node);
      }
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("metadata", list.path("metadata"));
    answer.set("items", items);
    return answer;
  }
}
