package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** This daemon's Node, read when there is reason to. A watch would bring its images' list, too. */
public final class NodeObject {

  private static final String JSON = "application/json";

  private final ApiServer server;
  private final String path;

  public NodeObject(ApiServer server, String node) {
    this.server = server;
    this.path = "/api/v1/nodes/" + node;
  }

  /**
   * @param labels by key
   * @param allocatable whole numbers by resource; other quantities are left out
   */
  public record Seen(Map<String, String> labels, Map<String, Integer> allocatable) {}

  /**
   * Reads it as the API server has it in memory, which costs it next to nothing.
   *
   * @throws IOException if the API server refused or could not be reached
   */
  public Seen read() throws IOException {
    JsonNode node = server.send(ApiServer.Call.get(path, Map.of("resourceVersion", "0"), JSON));
    Map<String, String> labels = new TreeMap<>();
    node.at("/metadata/labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    Map<String, Integer> allocatable = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : node.at("/status/allocatable").properties()) {
      try {
        allocatable.put(entry.getKey(), new BigDecimal(entry.getValue().asText()).intValueExact());
      } catch (ArithmeticException | NumberFormatException e) {
        continue;
      }
    }
    return new Seen(labels, allocatable);
  }
}
