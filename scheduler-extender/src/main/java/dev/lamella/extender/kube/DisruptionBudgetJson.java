package dev.lamella.extender.kube;

import java.util.List;
import java.util.Map;

/** The part of a PodDisruptionBudget that is read. */
public record DisruptionBudgetJson(Meta metadata, Spec spec, Status status) {

  /** Part of {@code spec}. */
  public record Spec(Selector selector) {}

  /** A label selector. */
  public record Selector(Map<String, String> matchLabels, List<Expression> matchExpressions) {

    boolean matches(Map<String, String> labels) {
      boolean equal = matchLabels == null || labels.entrySet().containsAll(matchLabels.entrySet());
      return equal
          && (matchExpressions == null
              || matchExpressions.stream().allMatch(expression -> expression.matches(labels)));
    }
  }

  /** One requirement of a label selector. */
  public record Expression(String key, String operator, List<String> values) {

    boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      List<String> some = values == null ? List.of() : values;
      return switch (String.valueOf(operator)) {
        case "In" -> value != null && some.contains(value);
        case "NotIn" -> value == null || !some.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        default -> false;
      };
    }
  }

  /** Part of {@code status}. */
  public record Status(int disruptionsAllowed) {}
}
