package dev.lamella.extender.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** A JSON patch (RFC 6902) that grows. */
final class JsonPatch {

  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  /** Adds a value, or puts it in place of the one that is there. */
  void add(String path, JsonNode value) {
    operations.addObject().put("op", "add").put("path", path).set("value", value);
  }

  void add(String path, String value) {
    add(path, JsonNodeFactory.instance.textNode(value));
  }

  void remove(String path) {
    operations.addObject().put("op", "remove").put("path", path);
  }

  boolean isEmpty() {
    return operations.isEmpty();
  }

  ArrayNode operations() {
    return operations;
  }

  /** A path with one more step, whatever characters that has (RFC 6901). */
  static String below(String path, String step) {
    return path + "/" + step.replace("~", "~0").replace("/", "~1");
  }
}
