package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.custom.QuantityFormatException;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks of pod specs, in pods and in templates; fills in requests that limits imply. */
final class PodSpecs {

  private PodSpecs() {}

  /**
   * @param at where the spec stands in its object, for messages
   * @throws StatusException 422 naming the field; 400 for a quantity that is none
   */
  static void check(ResourceType type, String name, String at, ObjectNode spec) {
    if (spec.path("containers").isEmpty()) {
      throw StatusException.invalid(type, name, at + ".containers", "Required value");
    }
    Set<String> names = new HashSet<>();
    for (String list : List.of("initContainers", "containers")) {
      int index = 0;
      for (JsonNode container : spec.path(list)) {
        String field = "%s.%s[%d]".formatted(at, list, index++);
        require(type, name, field, container, "name");
        require(type, name, field, container, "image");
        if (!names.add(container.path("name").asText())) {
          throw StatusException.invalid(
              type, name, field + ".name", "Duplicate value: " + container.path("name"));
        }
        if (container.path("resources") instanceof ObjectNode resources) {
          resources(type, name, field + ".resources", resources);
        }
      }
    }
  }

  private static void require(
      ResourceType type, String name, String at, JsonNode container, String field) {
    if (container.path(field).asText("").isEmpty()) {
      throw StatusException.invalid(type, name, at + "." + field, "Required value");
    }
  }

  private static void resources(ResourceType type, String name, String at, ObjectNode resources) {
    amounts(at + ".limits", resources.path("limits"));
    amounts(at + ".requests", resources.path("requests"));
    for (Map.Entry<String, JsonNode> limit : resources.path("limits").properties()) {
      ObjectNode requests = resources.withObject("/requests");
      if (!requests.has(limit.getKey())) {
        requests.set(limit.getKey(), limit.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> request : resources.path("requests").properties()) {
      if (extended(request.getKey())) {
        String field = at + ".requests[" + request.getKey() + "]";
        BigDecimal amount = quantity(field, request.getValue());
        extended(type, name, field, amount, resources.path("limits").path(request.getKey()));
      }
    }
  }

  /** Checks amounts, and writes numbers as the texts that every reader expects. */
  private static void amounts(String at, JsonNode amounts) {
    for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
      quantity(at + "[" + amount.getKey() + "]", amount.getValue());
      ((ObjectNode) amounts).put(amount.getKey(), amount.getValue().asText());
    }
  }

  private static void extended(
      ResourceType type, String name, String field, BigDecimal amount, JsonNode limit) {
    if (limit.isMissingNode()) {
      throw StatusException.invalid(
          type, name, field, "Required value: Limit must be set for non overcommitable resources");
    }
    if (amount.stripTrailingZeros().scale() > 0) {
      throw StatusException.invalid(
          type, name, field, "Invalid value: \"%s\": must be an integer".formatted(amount));
    }
    if (amount.compareTo(quantity(field, limit)) != 0) {
      throw StatusException.invalid(
          type,
          name,
          field,
          "Invalid value: \"%s\": must be equal to limit %s".formatted(amount, limit.asText()));
    }
  }

  /**
   * Whether a resource is one that only whole units of can be asked for, and no more than given.
   */
  static boolean extended(String resource) {
    return resource.contains("/")
        && !resource.startsWith("kubernetes.io/")
        && !resource.startsWith("requests.");
  }

  /**
   * @param field where it stands, for the message
   * @throws StatusException 400, as the real server cannot even decode it
   */
  static BigDecimal quantity(String field, JsonNode value) {
    try {
      BigDecimal amount = Quantity.fromString(value.asText()).getNumber();
      if (amount.signum() >= 0) {
        return amount;
      }
    } catch (QuantityFormatException | NumberFormatException e) {
      throw noQuantity(field, value);
    }
    throw noQuantity(field, value);
  }

  private static StatusException noQuantity(String field, JsonNode value) {
    return StatusException.badRequest(
        "%s is %s, expected a quantity such as 1, 500m or 2Gi".formatted(field, value));
  }
}
