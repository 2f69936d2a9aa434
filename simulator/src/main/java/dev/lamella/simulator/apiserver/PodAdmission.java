package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Defaults and checks of pods. */
final class PodAdmission {

  /** What of a pod's spec may change once it is created; and the images of its containers. */
  private static final List<String> MUTABLE =
      List.of(
          "activeDeadlineSeconds",
          "tolerations",
          "terminationGracePeriodSeconds",
          "schedulingGates");

  private static final int GRACE_SECONDS = 30;

  private final Store store;

  PodAdmission(Store store) {
    this.store = store;
  }

  void create(ObjectNode pod) {
    ObjectNode spec = pod.withObject("/spec");
    PodSpecs.check(ResourceTypes.PODS, Meta.name(pod), "spec", spec);
    ifAbsent(spec, "restartPolicy", "Always");
    ifAbsent(spec, "schedulerName", "default-scheduler");
    ifAbsent(spec, "dnsPolicy", "ClusterFirst");
    if (!spec.hasNonNull("terminationGracePeriodSeconds")) {
      spec.put("terminationGracePeriodSeconds", GRACE_SECONDS);
    }
    priority(pod, spec);
    pod.putObject("status").put("phase", "Pending").put("qosClass", qosClass(spec));
  }

  private void priority(ObjectNode pod, ObjectNode spec) {
    String wanted = spec.path("priorityClassName").asText("");
    Optional<ObjectNode> found =
        wanted.isEmpty()
            ? store.list(ResourceTypes.PRIORITY_CLASSES).objects().stream()
                .filter(c -> c.path("globalDefault").asBoolean())
                .findFirst()
            : store.find(ResourceTypes.PRIORITY_CLASSES, "", wanted);
    if (found.isEmpty() && !wanted.isEmpty()) {
      throw StatusException.forbidden(
          ResourceTypes.PODS,
          Meta.name(pod),
          "no PriorityClass with name " + wanted + " was found");
    }
    found.ifPresent(c -> spec.put("priorityClassName", Meta.name(c)));
    spec.put("priority", found.map(c -> c.path("value").asInt()).orElse(0));
    String policy = found.map(c -> c.path("preemptionPolicy").asText("")).orElse("");
    ifAbsent(spec, "preemptionPolicy", policy.isEmpty() ? "PreemptLowerPriority" : policy);
  }

  private static String qosClass(ObjectNode spec) {
    boolean any = false;
    boolean guaranteed = true;
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : spec.path(list)) {
        JsonNode requests = container.at("/resources/requests");
        JsonNode limits = container.at("/resources/limits");
        any |= requests.has("cpu") || requests.has("memory");
        guaranteed &= limits.has("cpu") && limits.has("memory");
        guaranteed &= requests.path("cpu").equals(limits.path("cpu"));
        guaranteed &= requests.path("memory").equals(limits.path("memory"));
      }
    }
    return guaranteed ? "Guaranteed" : any ? "Burstable" : "BestEffort";
  }

  void update(ObjectNode before, ObjectNode after) {
    if (!fixed(before).equals(fixed(after))) {
      throw StatusException.invalid(
          ResourceTypes.PODS,
          Meta.name(after),
          "spec",
          "Forbidden: pod updates may not change fields other than"
              + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
              + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
              + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it"
              + " was previously negative)");
    }
  }

  private static ObjectNode fixed(ObjectNode pod) {
    ObjectNode spec = pod.withObject("/spec").deepCopy();
    spec.remove(MUTABLE);
    for (String list : List.of("containers", "initContainers")) {
      spec.path(list).forEach(c -> ((ObjectNode) c).remove("image"));
    }
    return spec;
  }

  private static void ifAbsent(ObjectNode object, String field, String value) {
    if (!object.hasNonNull(field)) {
      object.put(field, value);
    }
  }
}
