package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * Deletes a pod if its disruption budget allows. The budget is counted here, from the pods as they
 * are; upstream reads the count that its controller keeps in the budget's status.
 */
final class Eviction {

  /** Phases in which nothing is disrupted. */
  private static final Set<String> NOT_RUNNING = Set.of("Pending", "Succeeded", "Failed");

  private final Store store;
  private final Deletion deletion;

  Eviction(Store store, Deletion deletion) {
    this.store = store;
    this.deletion = deletion;
  }

  void evict(Target target, JsonNode body, Query query) {
    String version = body.path("apiVersion").asText("policy/v1");
    ObjectNode eviction = Bodies.typed(body, version, "Eviction");
    Deletion.Options options = Deletion.Options.read(eviction.path("deleteOptions"), query);
    store.atomically(
        () -> {
          ObjectNode pod = store.get(target.type(), target.namespace(), target.name());
          if (!NOT_RUNNING.contains(pod.at("/status/phase").asText()) && !Meta.deleting(pod)) {
            check(pod);
          }
          return deletion.delete(target.type(), target.namespace(), target.name(), options);
        });
  }

  private void check(ObjectNode pod) {
    List<ObjectNode> budgets =
        store.list(ResourceTypes.DISRUPTION_BUDGETS).objects().stream()
            .filter(budget -> covers(budget, pod))
            .toList();
    if (budgets.size() > 1) {
      throw new StatusException(
          500,
          "InternalError",
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
              + " support.");
    }
    budgets.forEach(budget -> check(budget, pod));
  }

  private void check(ObjectNode budget, ObjectNode pod) {
    List<ObjectNode> covered =
        store.list(ResourceTypes.PODS).objects().stream().filter(p -> covers(budget, p)).toList();
    int healthy = (int) covered.stream().filter(Eviction::healthy).count();
    int needed = needed(budget.path("spec"), covered.size());
    boolean counts = healthy(pod);
    boolean always = budget.at("/spec/unhealthyPodEvictionPolicy").asText().equals("AlwaysAllow");
    boolean allowed = counts ? healthy > needed : always || needed > 0 && healthy >= needed;
    if (!allowed) {
      throw StatusException.disruptionBudget(
          Meta.name(pod),
          "The disruption budget %s needs %d healthy pods and has %d currently"
              .formatted(Meta.name(budget), needed, healthy));
    }
  }

  private static boolean covers(ObjectNode budget, ObjectNode pod) {
    return Meta.namespace(budget).equals(Meta.namespace(pod))
        && LabelSelector.of(budget.at("/spec/selector")).test(pod.at("/metadata/labels"));
  }

  private static boolean healthy(ObjectNode pod) {
    for (JsonNode condition : pod.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True") && !Meta.deleting(pod);
      }
    }
    return false;
  }

  /** How many pods have to stay healthy, of those that are expected. */
  private static int needed(JsonNode spec, int expected) {
    if (spec.has("maxUnavailable")) {
      return Math.max(0, expected - amount(spec.get("maxUnavailable"), expected));
    }
    return amount(spec.path("minAvailable"), expected);
  }

  /** A number, or a share of the expected pods such as {@code 50%}, rounded up. */
  private static int amount(JsonNode value, int expected) {
    if (value.isTextual() && value.asText().matches("\\d{1,3}%")) {
      int percent = Integer.parseInt(value.asText().replace("%", ""));
      return (percent * expected + 99) / 100;
    }
    return value.asInt();
  }
}
