package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * A column that kubectl prints of a kind.
 *
 * @param type as an OpenAPI type, such as {@code string}
 * @param priority 0 is always shown, 1 with {@code -o wide}
 * @param cell what stands in it, null where there is nothing
 */
record PrintedColumn(String name, String type, int priority, Function<JsonNode, JsonNode> cell) {

  static PrintedColumn objectName() {
    return text("Name", object -> Meta.name(object));
  }

  /** The time since an object was created. */
  static PrintedColumn age() {
    return text("Age", object -> since(Meta.text(object, "creationTimestamp")));
  }

  static PrintedColumn text(String name, Function<JsonNode, String> cell) {
    return new PrintedColumn(name, "string", 0, object -> TextNode.valueOf(cell.apply(object)));
  }

  /** A value of the object as it is, or nothing. */
  static PrintedColumn at(String name, String type, String pointer) {
    return new PrintedColumn(name, type, 0, object -> present(object.at(pointer)));
  }

  /** Shown with {@code -o wide} only. */
  PrintedColumn wide() {
    return new PrintedColumn(name, type, 1, cell);
  }

  private static JsonNode present(JsonNode found) {
    return found.isMissingNode() ? NullNode.instance : found;
  }

  /** As kubectl says it: two units at most, and one where the second does not matter. */
  static String since(String timestamp) {
    if (timestamp.isEmpty()) {
      return "<unknown>";
    }
    Duration age = Duration.between(Instant.parse(timestamp), Instant.now());
    if (age.isNegative()) {
      return "0s";
    }
    if (age.toMinutes() < 2) {
      return age.toSeconds() + "s";
    }
    if (age.toMinutes() < 10) {
      return two(age.toMinutes(), "m", age.toSecondsPart(), "s");
    }
    if (age.toHours() < 3) {
      return age.toMinutes() + "m";
    }
    if (age.toHours() < 8) {
      return two(age.toHours(), "h", age.toMinutesPart(), "m");
    }
    return age.toHours() < 48 ? age.toHours() + "h" : age.toDays() + "d";
  }

  private static String two(long large, String largeUnit, int small, String smallUnit) {
    return large + largeUnit + (small == 0 ? "" : small + smallUnit);
  }
}
