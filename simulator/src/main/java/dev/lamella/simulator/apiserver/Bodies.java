package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** Reads what clients send. */
final class Bodies {

  /** As the real server's limit on a request's body. */
  static final int MAX_BYTES = 3 * 1024 * 1024;

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Bodies() {}

  /**
   * @throws StatusException 400 for what is not JSON, 413 for what is too long
   */
  static JsonNode read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new StatusException(
          413, "RequestEntityTooLarge", "Request entity too large: limit is " + MAX_BYTES);
    }
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw StatusException.badRequest("the body is not JSON: " + e.getOriginalMessage());
    }
  }

  static ObjectNode object(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw StatusException.badRequest("the body is not a JSON object");
  }

  /**
   * Checks that a body is of the type that its path names, and says so in it.
   *
   * @throws StatusException 400 naming what differs
   */
  static ObjectNode typed(JsonNode body, String apiVersion, String kind) {
    ObjectNode object = object(body);
    String version = object.path("apiVersion").asText(apiVersion);
    String found = object.path("kind").asText(kind);
    if (!version.equals(apiVersion)) {
      throw StatusException.badRequest(
          "the API version in the data (%s) does not match the expected API version (%s)"
              .formatted(version, apiVersion));
    }
    if (!found.equals(kind)) {
      throw StatusException.badRequest(
          "the kind in the data (%s) does not match the expected kind (%s)".formatted(found, kind));
    }
    JsonNode metadata = object.path("metadata");
    if (!metadata.isObject() && !metadata.isMissingNode() && !metadata.isNull()) {
      throw StatusException.badRequest("metadata is " + metadata + ", expected an object");
    }
    for (String map : List.of("labels", "annotations")) {
      metadata.path(map).properties().forEach(entry -> text(map, entry));
    }
    return object.put("apiVersion", apiVersion).put("kind", kind);
  }

  private static void text(String map, Map.Entry<String, JsonNode> entry) {
    if (!entry.getValue().isTextual() && !entry.getValue().isNull()) {
      throw StatusException.badRequest(
          "metadata.%s[%s] is %s, expected a text"
              .formatted(map, entry.getKey(), entry.getValue()));
    }
  }
}
