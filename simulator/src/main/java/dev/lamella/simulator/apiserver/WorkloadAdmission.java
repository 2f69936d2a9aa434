package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Defaults and checks of Deployments, ReplicaSets and Jobs, whose pods others make. */
final class WorkloadAdmission {

  private WorkloadAdmission() {}

  static void check(ResourceType type, ObjectNode object) {
    if (type.equals(ResourceTypes.JOBS)) {
      job(type, object);
      return;
    }
    if (!type.equals(ResourceTypes.DEPLOYMENTS) && !type.equals(ResourceTypes.REPLICA_SETS)) {
      return;
    }
    ObjectNode spec = object.withObject("/spec");
    String name = Meta.name(object);
    if (!spec.hasNonNull("replicas")) {
      spec.put("replicas", 1);
    }
    if (!spec.path("replicas").isInt() || spec.path("replicas").asInt() < 0) {
      throw StatusException.invalid(
          type,
          name,
          "spec.replicas",
          "Invalid value: %s: must be greater than or equal to 0".formatted(spec.get("replicas")));
    }
    if (spec.path("selector").isEmpty()) {
      throw StatusException.invalid(type, name, "spec.selector", "Required value");
    }
    JsonNode template = spec.path("template");
    if (!LabelSelector.of(spec.path("selector")).test(template.at("/metadata/labels"))) {
      throw StatusException.invalid(
          type,
          name,
          "spec.template.metadata.labels",
          "Invalid value: %s: `selector` does not match template `labels`"
              .formatted(template.at("/metadata/labels")));
    }
    if (template.path("spec") instanceof ObjectNode podSpec) {
      PodSpecs.check(type, name, "spec.template.spec", podSpec);
    } else {
      throw StatusException.invalid(type, name, "spec.template.spec", "Required value");
    }
  }

  private static void job(ResourceType type, ObjectNode job) {
    String policy = job.at("/spec/template/spec/restartPolicy").asText("");
    if (!policy.equals("Never") && !policy.equals("OnFailure")) {
      throw StatusException.invalid(
          type,
          Meta.name(job),
          "spec.template.spec.restartPolicy",
          "Required value: valid values: \"OnFailure\", \"Never\"");
    }
    ObjectNode podSpec = (ObjectNode) job.at("/spec/template/spec");
    PodSpecs.check(type, Meta.name(job), "spec.template.spec", podSpec);
  }
}
