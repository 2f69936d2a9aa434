package dev.lamella.extender.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The key {@code webhook}: what pods that ask for slices are given at admission.
 *
 * @param schedulerName the bundled scheduler, which such pods are sent to; none if left out
 * @param nodeAffinity what every node of theirs must match; nothing if left out
 * @param tolerations which they are given; none if left out
 */
public record WebhookConfig(
    String schedulerName, List<Requirement> nodeAffinity, List<Toleration> tolerations) {

  public static final WebhookConfig DEFAULTS = new WebhookConfig(null, null, null);

  private static final List<String> OPERATORS =
      List.of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt");
  private static final List<String> EFFECTS =
      List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  public WebhookConfig {
    schedulerName = schedulerName == null ? "" : schedulerName;
    nodeAffinity = nodeAffinity == null ? List.of() : List.copyOf(nodeAffinity);
    tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
  }

  /** A node selector requirement, as in a pod's node affinity. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Requirement(String key, String operator, List<String> values) {

    /**
     * @throws IllegalArgumentException naming the key, its value and what would be right
     */
    public Requirement {
      named("webhook.nodeAffinity[].key", key);
      oneOf("webhook.nodeAffinity[].operator", operator, OPERATORS);
      values = values == null ? List.of() : List.copyOf(values);
      if (operator.endsWith("Exist") || operator.equals("Exists")) {
        if (!values.isEmpty()) {
          throw new IllegalArgumentException(
              "webhook.nodeAffinity[].values is %s, expected none with %s"
                  .formatted(values, operator));
        }
      } else if (values.isEmpty()) {
        throw new IllegalArgumentException(
            "webhook.nodeAffinity[].values is empty, expected some with " + operator);
      }
    }
  }

  /** A toleration, as a pod has it. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Toleration(
      String key, String operator, String value, String effect, Integer tolerationSeconds) {

    /**
     * @throws IllegalArgumentException naming the key, its value and what would be right
     */
    public Toleration {
      named("webhook.tolerations[].key", key);
      operator = operator == null ? "Equal" : operator;
      oneOf("webhook.tolerations[].operator", operator, List.of("Exists", "Equal"));
      if (effect != null) {
        oneOf("webhook.tolerations[].effect", effect, EFFECTS);
      }
    }
  }

  private static void named(String key, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(key + " is empty, expected a name");
    }
  }

  private static void oneOf(String key, String value, List<String> right) {
    if (!right.contains(value)) {
      throw new IllegalArgumentException(
          "%s is %s, expected one of %s".formatted(key, value, right));
    }
  }
}
