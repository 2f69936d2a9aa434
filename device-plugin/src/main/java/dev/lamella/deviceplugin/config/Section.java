package dev.lamella.deviceplugin.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
                .formatted(path(field.getKey()), path(nearest(keys, field.getKey()))));
      }
    }
  }

  int number(String key, int without) {
    JsonNode value = node.path(key);
    return value.isMissingNode() ? without : number(path(key), value);
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

  private static int number(String path, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new WrongInput(path + " is " + value + ", expected a whole number");
    }
    return value.intValue();
  }

  private String path(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  private static String nearest(List<String> keys, String key) {
    return keys.stream()
        .min(Comparator.comparingInt((String k) -> distance(k, key)).thenComparing(k -> k))
        .orElseThrow();
  }

  /** How many letters must be put in, taken out or replaced (Levenshtein). */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
