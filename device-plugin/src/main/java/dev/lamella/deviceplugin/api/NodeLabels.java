package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.deviceplugin.loop.Backoff;
import dev.lamella.deviceplugin.loop.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps some of the Node's labels as they should be; those of others are left alone. */
public final class NodeLabels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeLabels.class);
  private static final String META =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
  private static final Duration ANYWAY = Duration.ofMinutes(10);

  private final ApiServer server;
  private final String path;
  private final Supplier<Optional<Map<String, String>>> wanted;
  private final Predicate<String> ours;
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));
  private final Loop loop;
  private String trouble = "";

  private NodeLabels(
      ApiServer server,
      String node,
      Supplier<Optional<Map<String, String>>> wanted,
      Predicate<String> ours) {
    this.server = server;
    this.path = "/api/v1/nodes/" + node;
    this.wanted = wanted;
    this.ours = ours;
    this.loop = Loop.start("node-labels", this::step);
  }

  /**
   * Starts, in the background.
   *
   * @param wanted labels by key; empty while they are not known
   * @param ours keys that are removed when they are not wanted
   */
  public static NodeLabels start(
      ApiServer server,
      String node,
      Supplier<Optional<Map<String, String>>> wanted,
      Predicate<String> ours) {
    return new NodeLabels(server, node, wanted, ours);
  }

  /**
   * Takes labels off the Node, once.
   *
   * @throws IOException if the API server refused or could not be reached
   */
  public static void remove(ApiServer server, String node, Predicate<String> ours)
      throws IOException {
    write(server, "/api/v1/nodes/" + node, Map.of(), ours);
  }

  /** What is wanted may have changed. */
  public void changed() {
    loop.ask();
  }

  private Duration step() {
    Optional<Map<String, String>> now = wanted.get();
    if (now.isEmpty()) {
      return ANYWAY;
    }
    try {
      write(server, path, now.get(), ours);
      trouble = "";
      backoff.worked();
      return ANYWAY;
    } catch (IOException e) {
      if (!e.toString().equals(trouble)) {
        LOG.warn("the Node's labels cannot be written, it is tried on: {}", e.toString());
        trouble = e.toString();
      }
      return backoff.failed();
    }
  }

  private static void write(
      ApiServer server, String path, Map<String, String> now, Predicate<String> ours)
      throws IOException {
    JsonNode found =
        server.send(ApiServer.Call.get(path, Map.of(), META)).path("metadata").path("labels");
    ObjectNode patch = ApiServer.JSON.createObjectNode();
    ObjectNode labels = patch.putObject("metadata").putObject("labels");
    found
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (ours.test(key) && !now.containsKey(key)) {
                labels.putNull(key);
              }
            });
    now.forEach(
        (key, value) -> {
          if (!value.equals(found.path(key).asText(null))) {
            labels.put(key, value);
          }
        });
    if (!labels.isEmpty()) {
      server.send(ApiServer.Call.of("PATCH", path, patch));
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
