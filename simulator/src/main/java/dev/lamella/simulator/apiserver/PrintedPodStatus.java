package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;

/** A pod's state in one word, as upstream's server says it in tables. */
final class PrintedPodStatus {

  private PrintedPodStatus() {}

  /** The last container's reason if one gave any, else the pod's, else its phase. */
  static String of(JsonNode pod) {
    if (Meta.deleting(pod)) {
      return "Terminating";
    }
    String word = pod.at("/status/reason").asText("");
    if (word.isEmpty()) {
      word = pod.at("/status/phase").asText("Unknown");
    }
    for (JsonNode container : pod.at("/status/containerStatuses")) {
      String reason = reason(container.path("state"));
      word = reason.isEmpty() ? word : reason;
    }
    return word;
  }

  private static String reason(JsonNode state) {
    String waiting = state.at("/waiting/reason").asText("");
    return waiting.isEmpty() ? state.at("/terminated/reason").asText("") : waiting;
  }
}
