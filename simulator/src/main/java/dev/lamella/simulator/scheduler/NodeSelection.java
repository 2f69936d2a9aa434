package dev.lamella.simulator.scheduler;

import io.kubernetes.client.openapi.models.V1Affinity;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeSelectorRequirement;
import io.kubernetes.client.openapi.models.V1NodeSelectorTerm;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.List;
import java.util.Map;

/** Whether a node is one that a pod's nodeSelector and required node affinity ask for. */
final class NodeSelection {

  private NodeSelection() {}

  static boolean matches(V1Pod pod, V1Node node) {
    Map<String, String> labels = labels(node);
    Map<String, String> selector = pod.getSpec().getNodeSelector();
    if (selector != null && !labels.entrySet().containsAll(selector.entrySet())) {
      return false;
    }
    V1Affinity affinity = pod.getSpec().getAffinity();
    if (affinity == null
        || affinity.getNodeAffinity() == null
        || affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution() == null) {
      return true;
    }
    return affinity
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .stream()
        .anyMatch(term -> matches(term, labels, node.getMetadata().getName()));
  }

  private static Map<String, String> labels(V1Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  /** A term without any requirement matches nothing. */
  private static boolean matches(V1NodeSelectorTerm term, Map<String, String> labels, String name) {
    List<V1NodeSelectorRequirement> expressions = orEmpty(term.getMatchExpressions());
    List<V1NodeSelectorRequirement> fields = orEmpty(term.getMatchFields());
    return !(expressions.isEmpty() && fields.isEmpty())
        && expressions.stream().allMatch(r -> matches(r, labels.get(r.getKey())))
        && fields.stream().allMatch(r -> r.getKey().equals("metadata.name") && matches(r, name));
  }

  private static boolean matches(V1NodeSelectorRequirement requirement, String value) {
    List<String> values = orEmpty(requirement.getValues());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" ->
          number(value)
              && number(values.get(0))
              && Long.parseLong(value) > Long.parseLong(values.get(0));
      case "Lt" ->
          number(value)
              && number(values.get(0))
              && Long.parseLong(value) < Long.parseLong(values.get(0));
      default -> false;
    };
  }

  private static boolean number(String text) {
    return text != null && text.matches("-?\\d{1,18}");
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
