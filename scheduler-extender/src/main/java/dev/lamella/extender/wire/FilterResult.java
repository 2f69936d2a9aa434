package dev.lamella.extender.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.lamella.extender.decide.FilterAnswer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What filter answers. Every rejected node stands in FailedAndUnresolvableNodes: in-tree preemption
 * cannot see what would free a slice, so its dry run would be in vain.
 */
public final class FilterResult {

  private FilterResult() {}

  /** All fields but Nodes, which is sent back as it came. */
  @JsonPropertyOrder({"NodeNames", "FailedNodes", "FailedAndUnresolvableNodes", "Error"})
  private record Rest(
      @JsonProperty("NodeNames") List<String> nodeNames,
      @JsonProperty("FailedNodes") Map<String, String> failedNodes,
      @JsonProperty("FailedAndUnresolvableNodes") Map<String, String> failedAndUnresolvableNodes,
      @JsonProperty("Error") String error) {}

  /** Nothing but why there is no answer. */
  @JsonPropertyOrder({"Nodes", "NodeNames", "FailedNodes", "FailedAndUnresolvableNodes", "Error"})
  private record Failure(
      @JsonProperty("Nodes") Object nodes,
      @JsonProperty("NodeNames") List<String> nodeNames,
      @JsonProperty("FailedNodes") Map<String, String> failedNodes,
      @JsonProperty("FailedAndUnresolvableNodes") Map<String, String> failedAndUnresolvableNodes,
      @JsonProperty("Error") String error) {}

  /** A failure of the whole cycle; the pod is tried again. */
  public static Object error(String message) {
    return new Failure(null, null, Map.of(), Map.of(), message);
  }

  /** The answer to a question, in the form in which it was asked; its parts in order. */
  public static List<ByteBuffer> of(WireJson json, ExtenderArgs asked, FilterAnswer answer)
      throws IOException {
    Map<String, String> failed = new LinkedHashMap<>();
    answer.rejected().forEach((node, reason) -> failed.put(node, reason.sentence()));
    List<String> names = asked.nodes().isPresent() ? null : answer.feasible();
    byte[] rest = json.write(new Rest(names, Map.of(), failed, ""));
    List<ByteBuffer> parts = new ArrayList<>();
    parts.add(ByteBuffer.wrap("{\"Nodes\":".getBytes(StandardCharsets.US_ASCII)));
    if (asked.nodes().isPresent()) {
      parts.addAll(asked.nodes().get().only(answer.feasible()));
    } else {
      parts.add(ByteBuffer.wrap("null".getBytes(StandardCharsets.US_ASCII)));
    }
    parts.add(ByteBuffer.wrap(",".getBytes(StandardCharsets.US_ASCII)));
    // Without the brace that opens it.
    parts.add(ByteBuffer.wrap(rest, 1, rest.length - 1));
    return parts;
  }
}
