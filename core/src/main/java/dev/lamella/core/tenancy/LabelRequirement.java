package dev.lamella.core.tenancy;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * One requirement of a label selector, with Kubernetes' meaning: a label that is not there
 * satisfies NotIn.
 *
 * @param key the label
 * @param values of In and NotIn, at least one; none for the others
 */
public record LabelRequirement(String key, Operator operator, Set<String> values)
    implements Comparable<LabelRequirement> {

  private static final Comparator<LabelRequirement> ORDER =
      Comparator.comparing(LabelRequirement::key)
          .thenComparing(LabelRequirement::operator)
          .thenComparing(requirement -> requirement.values().toString());

  /** What is required of the label. */
  public enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /** As Kubernetes writes it. */
    public String text() {
      return text;
    }

    boolean takesValues() {
      return this == IN || this == NOT_IN;
    }
  }

  /**
   * @throws IllegalArgumentException if values are missing, or are there and should not be
   */
  public LabelRequirement {
    Objects.requireNonNull(operator, "operator");
    values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
    if (key == null || key.isEmpty()) {
      throw new IllegalArgumentException("a requirement of namespaceSelector has no key");
    }
    if (operator.takesValues() == values.isEmpty()) {
      throw new IllegalArgumentException(
          "namespaceSelector: operator %s of label %s takes %s values"
              .formatted(operator.text(), key, operator.takesValues() ? "one or more" : "no"));
    }
  }

  /** A label that has just this value. */
  public static LabelRequirement equal(String key, String value) {
    return new LabelRequirement(key, Operator.IN, Set.of(value));
  }

  boolean matches(Map<String, String> labels) {
    String value = labels.get(key);
    return switch (operator) {
      case IN -> value != null && values.contains(value);
      case NOT_IN -> value == null || !values.contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
    };
  }

  @Override
  public int compareTo(LabelRequirement other) {
    return ORDER.compare(this, other);
  }
}
