package dev.lamella.deviceplugin.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.spelling.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A mapping in the configuration file, read strictly.
 *
 * @param name where it stands, such as health; empty for the file itself
 * @param node missing if the file does not have it
 */
record Section(String name, JsonNode node) {

  /**
   * @throws WrongInput for a key that is not among those allowed
   */
  void allowOnly(List<String> keys) {
    if (!node.isMissingNode() && !node.isObject()) {
      throw new WrongInput(
          name + " is " + node + ", expected keys such as " + keys.get(keys.size() - 1));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!keys.contains(field.getKey())) {
        throw new WrongInput(
            "unknown key \"%s\"; the nearest valid one is \"%s\""
                .formatted(path(field.getKey()), path(Spelling.nearest(field.getKey(), keys))));
      }
    }
  }

  int number(String key, int without) {
    JsonNode value = node.path(key);
    return value.isMissingNode() ? without : number(path(key), value);
  }

  boolean yes(String key, boolean without) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new WrongInput(path(key) + " is " + value + ", expected true or false");
    }
    return value.asBoolean(without);
  }

  Set<Integer> numbers(String key) {
    JsonNode values = node.path(key);
    if (!values.isMissingNode() && !values.isArray()) {
      throw new WrongInput(path(key) + " is " + values + ", expected a list of whole numbers");
    }
    Set<Integer> numbers = new TreeSet<>();
    values.forEach(value -> numbers.add(number(path(key), value)));
    return numbers;
  }

  boolean flag(String key) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new WrongInput(path(key) + " is " + value + ", expected true or false");
    }
    return value.asBoolean(false);
  }

  /** Empty if the file does not have it. */
  Optional<String> text(String key) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode() && !value.isTextual()) {
      throw new WrongInput(path(key) + " is " + value + ", expected a word");
    }
    return Optional.ofNullable(value.textValue());
  }

  /** Empty if the file does not have it. */
  Optional<List<String>> texts(String key) {
    JsonNode values = node.path(key);
    if (values.isMissingNode()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.textValue()));
    if (!values.isArray() || texts.contains(null)) {
      throw new WrongInput(path(key) + " is " + values + ", expected a list of words");
    }
    return Optional.of(texts);
  }

  /** Words by word; empty if the file does not have it. */
  Map<String, String> words(String key) {
    JsonNode values = node.path(key);
    Map<String, String> words = new TreeMap<>();
    values.properties().forEach(field -> words.put(field.getKey(), field.getValue().textValue()));
    if (!values.isMissingNode() && !values.isObject() || words.containsValue(null)) {
      throw new WrongInput(path(key) + " is " + values + ", expected words by name");
    }
    return words;
  }

  private static int number(String path, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new WrongInput(path + " is " + value + ", expected a whole number");
    }
    return value.intValue();
  }

  private String path(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }
}
