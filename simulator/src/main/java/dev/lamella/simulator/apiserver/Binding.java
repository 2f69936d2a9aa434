package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Binds a pod to a node: one write that sets spec.nodeName and merges the Binding's annotations and
 * labels into the pod's. Whether the node exists is not checked, as upstream does not.
 */
final class Binding {

  private final Store store;
  private final Identities identities;

  Binding(Store store, Identities identities) {
    this.store = store;
    this.identities = identities;
  }

  void bind(Target target, JsonNode body) {
    ObjectNode binding = Bodies.typed(body, "v1", "Binding");
    String node = binding.at("/target/name").asText("");
    String kind = binding.at("/target/kind").asText("Node");
    if (node.isEmpty() || !kind.equals("Node") && !kind.isEmpty()) {
      throw StatusException.invalid(
          target.type(), target.name(), "target.name", "Required value: the name of a Node");
    }
    store.atomically(
        () -> {
          ObjectNode pod = store.get(target.type(), target.namespace(), target.name());
          Objects.preconditions(
              target.type(),
              pod,
              Optional.of(Meta.uid(binding)),
              Optional.of(Meta.version(binding)));
          refuse(target, pod);
          return store.put(target.type(), bound(pod, binding, node));
        });
  }

  private static void refuse(Target target, ObjectNode pod) {
    String name = target.name();
    String node = pod.at("/spec/nodeName").asText("");
    if (Meta.deleting(pod)) {
      throw StatusException.conflict(
          target.type(),
          name,
          "pod %s is being deleted, cannot be assigned to a host".formatted(name));
    }
    if (!node.isEmpty()) {
      throw StatusException.conflict(
          target.type(), name, "pod %s is already assigned to node \"%s\"".formatted(name, node));
    }
    if (!pod.at("/spec/schedulingGates").isEmpty()) {
      throw StatusException.conflict(
          target.type(), name, "pod %s has non-empty .spec.schedulingGates".formatted(name));
    }
  }

  private ObjectNode bound(ObjectNode pod, ObjectNode binding, String node) {
    ObjectNode after = pod.deepCopy();
    after.withObject("/spec").put("nodeName", node);
    for (String map : new String[] {"annotations", "labels"}) {
      if (binding.path("metadata").path(map) instanceof ObjectNode entries && !entries.isEmpty()) {
        Meta.of(after).withObject("/" + map).setAll(entries);
      }
    }
    scheduled(after.withObject("/status"));
    return after;
  }

  private void scheduled(ObjectNode status) {
    ArrayNode conditions =
        status.get("conditions") instanceof ArrayNode found ? found : status.putArray("conditions");
    for (int i = conditions.size() - 1; i >= 0; i--) {
      if (conditions.get(i).path("type").asText().equals("PodScheduled")) {
        conditions.remove(i);
      }
    }
    ObjectNode condition = conditions.addObject().put("type", "PodScheduled");
    condition.put("status", "True").put("lastTransitionTime", identities.now());
  }
}
