package dev.lamella.nvml.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.spelling.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A value of a layout file together with the words that say where it stands.
 *
 * @param where such as "layout.yaml: node gpu-a: GPU 0"; every complaint begins with it
 * @param value null if the key is not there
 */
record Field(String where, JsonNode value) {

  LayoutException wrong(String complaint) {
    return new LayoutException(oneLine(where + ": " + complaint));
  }

  /** The value of a key of this object; this field's place stays in complaints about it. */
  Field at(String key) {
    return new Field(where, value.get(key));
  }

  boolean isAbsent() {
    return value == null;
  }

  /** Checks that this is an object with no other keys than these. */
  Field object(String what, String... keys) {
    if (value == null || !value.isObject()) {
      throw wrong("%s must be an object with %s, is %s".formatted(what, list(keys), shown()));
    }
    for (String key : new TreeSet<>(value.properties().stream().map(e -> e.getKey()).toList())) {
      if (!List.of(keys).contains(key)) {
        throw wrong(
            "unknown key %s, nearest is %s".formatted(key, Spelling.nearest(key, List.of(keys))));
      }
    }
    return this;
  }

  /** The elements of this array. */
  List<JsonNode> array(String what) {
    if (value == null || !value.isArray()) {
      throw wrong("%s must be a list, is %s".formatted(what, shown()));
    }
    List<JsonNode> elements = new ArrayList<>();
    value.forEach(elements::add);
    return elements;
  }

  String text(String what, String rightWouldBe) {
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      throw wrong("%s must be %s, is %s".formatted(what, rightWouldBe, shown()));
    }
    return value.textValue();
  }

  private String shown() {
    boolean nothing = value == null || value.isMissingNode();
    return nothing ? "missing" : value.toString();
  }

  private static String list(String... keys) {
    return String.join(" and ", keys);
  }

  static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}
