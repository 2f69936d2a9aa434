package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The scale subresource: spec.replicas of a workload under a shape that all of them share. */
final class Scale {

  private Scale() {}

  static ObjectNode of(ObjectNode workload) {
    ObjectNode scale = JsonNodeFactory.instance.objectNode();
    scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode meta = scale.putObject("metadata");
    for (String field : new String[] {"name", "namespace", "uid", "resourceVersion"}) {
      meta.put(field, Meta.text(workload, field));
    }
    scale.putObject("spec").put("replicas", workload.at("/spec/replicas").asInt());
    scale.putObject("status").put("replicas", workload.at("/status/replicas").asInt());
    return scale;
  }

  /** The workload with a scale's replicas; a resourceVersion in the scale must be its own. */
  static JsonNode apply(JsonNode workload, ObjectNode scale) {
    JsonNode replicas = scale.at("/spec/replicas");
    if (!replicas.isInt()) {
      throw StatusException.badRequest("spec.replicas is " + replicas + ", expected a number");
    }
    ObjectNode after = (ObjectNode) workload;
    after.withObject("/spec").set("replicas", replicas);
    Meta.of(after).put("resourceVersion", Meta.version(scale));
    return after;
  }
}
