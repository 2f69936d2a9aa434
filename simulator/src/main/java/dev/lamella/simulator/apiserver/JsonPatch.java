package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON Patch, RFC 6902. */
final class JsonPatch {

  private JsonPatch() {}

  /**
   * Changes a tree.
   *
   * @throws StatusException 400 for a patch that is none, 422 for one that does not apply
   */
  static JsonNode apply(JsonNode root, JsonNode patch) {
    if (!patch.isArray()) {
      throw StatusException.badRequest("a JSON patch is an array of operations");
    }
    JsonNode result = root;
    for (JsonNode operation : patch) {
      result = step(result, operation);
    }
    return result;
  }

  private static JsonNode step(JsonNode root, JsonNode operation) {
    JsonPointer path = pointer(operation, "path");
    switch (operation.path("op").asText()) {
      case "add" -> {
        return add(root, path, value(operation));
      }
      case "replace" -> {
        existing(root, path);
        return path.matches() ? value(operation) : replace(root, path, value(operation));
      }
      case "remove" -> remove(root, path);
      case "move" -> {
        JsonPointer from = pointer(operation, "from");
        JsonNode moved = existing(root, from);
        remove(root, from);
        return add(root, path, moved);
      }
      case "copy" -> {
        return add(root, path, existing(root, pointer(operation, "from")).deepCopy());
      }
      case "test" -> {
        if (!existing(root, path).equals(value(operation))) {
          throw refused("testing value " + path + " failed");
        }
      }
      default ->
          throw StatusException.badRequest("unknown operation " + operation.path("op").asText());
    }
    return root;
  }

  private static JsonNode add(JsonNode root, JsonPointer path, JsonNode value) {
    if (path.matches()) {
      return value;
    }
    JsonNode parent = existing(root, path.head());
    String last = path.last().getMatchingProperty();
    if (parent instanceof ObjectNode object) {
      object.set(last, value);
    } else if (parent instanceof ArrayNode array) {
      array.insert(last.equals("-") ? array.size() : index(path, array.size()), value);
    } else {
      throw refused("add operation does not apply: doc is missing path: " + path);
    }
    return root;
  }

  private static JsonNode replace(JsonNode root, JsonPointer path, JsonNode value) {
    JsonNode parent = existing(root, path.head());
    if (parent instanceof ObjectNode object) {
      object.set(path.last().getMatchingProperty(), value);
    } else if (parent instanceof ArrayNode array) {
      array.set(index(path, array.size() - 1), value);
    }
    return root;
  }

  private static void remove(JsonNode root, JsonPointer path) {
    existing(root, path);
    JsonNode parent = path.matches() ? root : root.at(path.head());
    if (parent instanceof ObjectNode object && !path.matches()) {
      object.remove(path.last().getMatchingProperty());
    } else if (parent instanceof ArrayNode array && !path.matches()) {
      array.remove(index(path, array.size() - 1));
    } else {
      throw refused("remove operation does not apply to the whole document");
    }
  }

  private static int index(JsonPointer path, int max) {
    int index = path.last().getMatchingIndex();
    if (index < 0 || index > max) {
      throw refused("index out of bounds: " + path);
    }
    return index;
  }

  private static JsonNode existing(JsonNode root, JsonPointer path) {
    JsonNode found = root.at(path);
    if (found.isMissingNode()) {
      throw refused("doc is missing path: " + path);
    }
    return found;
  }

  private static JsonPointer pointer(JsonNode operation, String field) {
    try {
      return JsonPointer.compile(operation.path(field).asText());
    } catch (IllegalArgumentException e) {
      throw StatusException.badRequest(field + ": " + e.getMessage());
    }
  }

  private static JsonNode value(JsonNode operation) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw StatusException.badRequest("operation without a value: " + operation);
    }
    return value.deepCopy();
  }

  private static StatusException refused(String why) {
    return new StatusException(
        422, "Invalid", "the server rejected our request due to an error in our request: " + why);
  }
}
