package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label selectors, as queries write them and as objects hold them. */
final class LabelSelector {

  private static final String KEY = "([A-Za-z0-9][A-Za-z0-9._/-]*)";
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);
  private static final Pattern EQUALS = Pattern.compile(KEY + "\\s*(==|=|!=)\\s*([\\w.-]*)");
  private static final Pattern SET = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)");

  private LabelSelector() {}

  /**
   * Reads a query's selector, such as {@code app=web,tier in (a,b),!canary}.
   *
   * @return a predicate over the labels, which may be absent
   */
  static Predicate<JsonNode> parse(String text) {
    Predicate<JsonNode> all = labels -> true;
    for (String part : text.isBlank() ? new String[0] : text.split(",(?![^(]*\\))")) {
      all = all.and(requirement(part.trim()));
    }
    return all;
  }

  private static Predicate<JsonNode> requirement(String part) {
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      Set<String> values = new TreeSet<>(List.of(set.group(3).trim().split("\\s*,\\s*", -1)));
      return oneOf(set.group(1), values, set.group(2).equals("in"));
    }
    Matcher equals = EQUALS.matcher(part);
    if (equals.matches()) {
      return oneOf(equals.group(1), Set.of(equals.group(3)), !equals.group(2).equals("!="));
    }
    Matcher exists = EXISTS.matcher(part);
    if (exists.matches()) {
      boolean wanted = exists.group(1).isEmpty();
      return labels -> labels.has(exists.group(2)) == wanted;
    }
    throw StatusException.badRequest("unable to parse requirement: \"" + part + "\"");
  }

  /** A selector in an object: matchLabels and matchExpressions; an empty one matches all. */
  static Predicate<JsonNode> of(JsonNode selector) {
    Predicate<JsonNode> all = labels -> true;
    for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
      all = all.and(oneOf(label.getKey(), Set.of(label.getValue().asText()), true));
    }
    for (JsonNode expression : selector.path("matchExpressions")) {
      all = all.and(expression(expression));
    }
    return all;
  }

  private static Predicate<JsonNode> expression(JsonNode expression) {
    String key = expression.path("key").asText();
    List<String> values = new ArrayList<>();
    expression.path("values").forEach(value -> values.add(value.asText()));
    return switch (expression.path("operator").asText()) {
      case "In" -> oneOf(key, Set.copyOf(values), true);
      case "NotIn" -> oneOf(key, Set.copyOf(values), false);
      case "Exists" -> labels -> labels.has(key);
      case "DoesNotExist" -> labels -> !labels.has(key);
      default ->
          throw StatusException.badRequest(
              "\"%s\" is not a valid label selector operator"
                  .formatted(expression.path("operator").asText()));
    };
  }

  private static Predicate<JsonNode> oneOf(String key, Set<String> values, boolean wanted) {
    return labels -> (labels.has(key) && values.contains(labels.get(key).asText())) == wanted;
  }
}
