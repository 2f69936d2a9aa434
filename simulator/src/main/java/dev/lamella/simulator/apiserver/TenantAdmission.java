package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * The rules of Tenant's definition (charts/lamella/crds/tenants.yaml), which stands there in CEL.
 */
final class TenantAdmission {

  private static final List<String> CLASSES = List.of("LatencyCritical", "BestEffort");
  private static final List<String> WHOLE_SLICES = List.of("Rewrite", "Borrow", "Refuse");

  private static final List<String> SET_OPERATORS = List.of("In", "NotIn");
  private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");

  private TenantAdmission() {}

  /**
   * @throws StatusException 422 naming the field, or 400 for a quantity that is none
   */
  static void check(ObjectNode tenant) {
    JsonNode spec = tenant.path("spec");
    oneOf(tenant, "spec.class", spec.path("class"), CLASSES);
    if (spec.has("namespaces") == spec.has("namespaceSelector")) {
      throw invalid(
          tenant, "spec", "Invalid value: exactly one of namespaces and namespaceSelector is set");
    }
    selector(tenant, spec.path("namespaceSelector"));
    if (spec.has("wholeSlices")) {
      oneOf(tenant, "spec.wholeSlices", spec.path("wholeSlices"), WHOLE_SLICES);
      if (!spec.path("class").asText().equals("BestEffort")) {
        throw invalid(
            tenant,
            "spec.wholeSlices",
            "Invalid value: wholeSlices is for class BestEffort, class is " + spec.path("class"));
      }
    }
    quota(tenant, spec.path("quota"));
  }

  private static void selector(ObjectNode tenant, JsonNode selector) {
    String field = "spec.namespaceSelector";
    if (selector.isObject() && !selector.has("matchLabels") && !selector.has("matchExpressions")) {
      throw invalid(tenant, field, "Invalid value: matchLabels or matchExpressions is set");
    }
    for (JsonNode expression : selector.path("matchExpressions")) {
      JsonNode operator = expression.path("operator");
      oneOf(tenant, field + ".matchExpressions.operator", operator, OPERATORS);
      if (SET_OPERATORS.contains(operator.asText()) == expression.path("values").isEmpty()) {
        throw invalid(
            tenant,
            field + ".matchExpressions",
            "Invalid value: values go with the operators In and NotIn, and only with them");
      }
    }
  }

  private static void quota(ObjectNode tenant, JsonNode quota) {
    JsonNode limit = quota.path("limit");
    limit
        .properties()
        .forEach(e -> PodSpecs.quantity("spec.quota.limit." + e.getKey(), e.getValue()));
    for (Map.Entry<String, JsonNode> entry : quota.path("guaranteed").properties()) {
      String dimension = entry.getKey();
      String field = "spec.quota.guaranteed." + dimension;
      var guaranteed = PodSpecs.quantity(field, entry.getValue());
      if (limit.has(dimension)
          && guaranteed.compareTo(PodSpecs.quantity(field, limit.get(dimension))) > 0) {
        throw invalid(
            tenant,
            field,
            "Invalid value: %s is more than the limit %s"
                .formatted(entry.getValue(), limit.get(dimension)));
      }
    }
  }

  private static void oneOf(ObjectNode tenant, String field, JsonNode value, List<String> right) {
    if (!right.contains(value.asText())) {
      throw invalid(
          tenant,
          field,
          value.isMissingNode()
              ? "Required value: one of " + right
              : "Unsupported value: %s: one of %s".formatted(value, right));
    }
  }

  private static StatusException invalid(ObjectNode tenant, String field, String why) {
    return StatusException.invalid(ResourceTypes.TENANTS, Meta.name(tenant), field, why);
  }
}
