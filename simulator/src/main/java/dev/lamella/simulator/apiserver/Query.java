package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A request's query parameters.
 *
 * @param parameter answers a parameter's value, or null
 */
record Query(UnaryOperator<String> parameter) {

  String text(String name) {
    String value = parameter.apply(name);
    return value == null ? "" : value;
  }

  boolean flag(String name) {
    String value = text(name);
    return value.equals("true") || value.equals("1");
  }

  OptionalLong number(String name) {
    String value = text(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(value));
    } catch (NumberFormatException e) {
      throw StatusException.badRequest("%s is \"%s\", expected a number".formatted(name, value));
    }
  }

  /** The resourceVersion that was asked for; empty if none was, or 0 (any will do). */
  OptionalLong version() {
    OptionalLong version = number("resourceVersion");
    return version.isPresent() && version.getAsLong() == 0 ? OptionalLong.empty() : version;
  }

  boolean selective() {
    return !text("labelSelector").isEmpty() || !text("fieldSelector").isEmpty();
  }

  /** Which objects are meant, by namespace, name and selectors. */
  Predicate<JsonNode> selection(Target target) {
    Predicate<JsonNode> labels = LabelSelector.parse(text("labelSelector"));
    Predicate<JsonNode> fields = FieldSelector.parse(target.type(), text("fieldSelector"));
    Optional<String> namespace = Optional.of(target.namespace()).filter(n -> !n.isEmpty());
    Optional<String> name = Optional.of(target.name()).filter(n -> !n.isEmpty());
    return object ->
        namespace.map(n -> n.equals(Meta.namespace(object))).orElse(true)
            && name.map(n -> n.equals(Meta.name(object))).orElse(true)
            && labels.test(object.path("metadata").path("labels"))
            && fields.test(object);
  }
}
