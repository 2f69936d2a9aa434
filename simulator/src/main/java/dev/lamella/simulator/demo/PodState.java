package dev.lamella.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What matters of a pod for telling whether it has come to rest. Absent texts are empty.
 *
 * @param reason why it does not run: the scheduler's words, or the kubelet's
 * @param refused whether the scheduler has tried it and found no place
 * @param terminating whether it is being deleted
 */
record PodState(
    String uid,
    String namespace,
    String name,
    String phase,
    String node,
    String reason,
    boolean refused,
    boolean terminating) {

  private static final Set<String> SETTLED = Set.of("Running", "Succeeded", "Failed");

  static PodState of(JsonNode pod) {
    JsonNode metadata = pod.path("metadata");
    JsonNode status = pod.path("status");
    boolean refused = false;
    String reason = status.path("reason").asText("");
    if (!status.path("message").asText("").isEmpty()) {
      reason = reason + (reason.isEmpty() ? "" : ": ") + status.path("message").asText();
    }
    for (JsonNode condition : status.path("conditions")) {
      boolean scheduled = condition.path("type").asText().equals("PodScheduled");
      if (scheduled && condition.path("status").asText().equals("False")) {
        refused = true;
        reason = condition.path("message").asText(condition.path("reason").asText(""));
      }
    }
    return new PodState(
        metadata.path("uid").asText(),
        metadata.path("namespace").asText(),
        metadata.path("name").asText(),
        status.path("phase").asText("Pending"),
        pod.at("/spec/nodeName").asText(""),
        reason,
        refused,
        metadata.hasNonNull("deletionTimestamp"));
  }

  /** Whether it runs or has ended. */
  boolean done() {
    return !terminating && SETTLED.contains(phase);
  }

  /** Whether nothing more will happen to it unless something else does. */
  boolean resting() {
    return done() || !terminating && node.isEmpty() && refused;
  }
}
