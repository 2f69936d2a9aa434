package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes an object's metadata. Texts that are absent read as empty. */
final class Meta {

  private Meta() {}

  static ObjectNode of(ObjectNode object) {
    JsonNode metadata = object.get("metadata");
    return metadata instanceof ObjectNode found ? found : object.putObject("metadata");
  }

  static String text(JsonNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }

  static String name(JsonNode object) {
    return text(object, "name");
  }

  static String namespace(JsonNode object) {
    return text(object, "namespace");
  }

  static String uid(JsonNode object) {
    return text(object, "uid");
  }

  static String version(JsonNode object) {
    return text(object, "resourceVersion");
  }

  static boolean deleting(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  static boolean hasFinalizers(JsonNode object) {
    return !object.path("metadata").path("finalizers").isEmpty();
  }

  /** UIDs of the objects that own this one. */
  static List<String> owners(JsonNode object) {
    List<String> owners = new ArrayList<>();
    object
        .path("metadata")
        .path("ownerReferences")
        .forEach(owner -> owners.add(owner.path("uid").asText("")));
    return owners;
  }
}
