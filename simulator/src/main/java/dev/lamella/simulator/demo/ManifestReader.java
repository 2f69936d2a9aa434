package dev.lamella.simulator.demo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads manifests: YAML or JSON, several documents in a file, Lists taken apart. */
final class ManifestReader {

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private ManifestReader() {}

  /**
   * The objects of a file, in its order; empty documents are passed over.
   *
   * @throws WrongInput naming file, document, field and value
   */
  static List<Manifest> read(Path file) {
    List<Manifest> manifests = new ArrayList<>();
    int document = 0;
    for (JsonNode root : documents(file)) {
      document++;
      if (root.isNull() || root.isMissingNode()) {
        continue;
      }
      if (root.path("kind").asText().equals("List")) {
        for (JsonNode item : root.path("items")) {
          manifests.add(manifest(file, document, item));
        }
      } else {
        manifests.add(manifest(file, document, root));
      }
    }
    if (manifests.isEmpty()) {
      throw new WrongInput(file + ": no objects; expected Kubernetes manifests");
    }
    return List.copyOf(manifests);
  }

  private static List<JsonNode> documents(Path file) {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(Files.readAllBytes(file))) {
      return documents.readAll();
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      String why = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new WrongInput("%s: not YAML%s: %s".formatted(file, line, why));
    } catch (NoSuchFileException e) {
      throw new WrongInput(file + ": no such file");
    } catch (IOException e) {
      throw new WrongInput("%s: cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private static Manifest manifest(Path file, int document, JsonNode root) {
    if (!(root instanceof ObjectNode object)) {
      throw wrong(file, document, "is %s, expected an object".formatted(shortened(root)));
    }
    for (String field : new String[] {"apiVersion", "kind"}) {
      if (!object.path(field).isTextual() || object.path(field).asText().isBlank()) {
        throw wrong(file, document, missing(field, object.get(field)));
      }
    }
    JsonNode metadata = object.path("metadata");
    JsonNode name =
        metadata.has("generateName") ? metadata.get("generateName") : metadata.get("name");
    if (name == null || !name.isTextual() || name.asText().isBlank()) {
      throw wrong(
          file,
          document,
          "(%s): %s".formatted(object.path("kind").asText(), missing("metadata.name", name)));
    }
    return new Manifest(file, document, object);
  }

  private static String missing(String field, JsonNode value) {
    return value == null
        ? field + " is missing"
        : "%s is %s, expected a text".formatted(field, shortened(value));
  }

  private static String shortened(JsonNode value) {
    String text = value.toString();
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }

  private static WrongInput wrong(Path file, int document, String message) {
    return new WrongInput("%s: document %d %s".formatted(file, document, message));
  }
}
