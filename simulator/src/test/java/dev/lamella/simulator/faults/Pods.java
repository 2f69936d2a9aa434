package dev.lamella.simulator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Pods as the API server has them. */
final class Pods {

  private static final int SHARES = 4;

  private Pods() {}

  /** One pod. */
  record Pod(
      String namespace,
      String name,
      String uid,
      String node,
      String phase,
      boolean terminating,
      String reason,
      Optional<Assignment> assignment) {

    boolean running() {
      return phase.equals("Running") && !terminating;
    }

    boolean active() {
      return !node.isEmpty() && !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    /** Running, or pending and told why. */
    boolean settled() {
      return running() || node.isEmpty() && phase.equals("Pending") && !reason.isEmpty();
    }
  }

  static List<Pod> read(JsonNode list) {
    List<Pod> pods = new ArrayList<>();
    for (JsonNode item : list.path("items")) {
      String reason = item.at("/status/message").asText("");
      for (JsonNode condition : item.at("/status/conditions")) {
        if (condition.path("type").asText().equals("PodScheduled")) {
          reason = condition.path("message").asText();
        }
      }
      JsonNode given = item.at("/metadata/annotations/lamella.dev~1assignment");
      pods.add(
          new Pod(
              item.at("/metadata/namespace").asText(),
              item.at("/metadata/name").asText(),
              item.at("/metadata/uid").asText(),
              item.at("/spec/nodeName").asText(),
              item.at("/status/phase").asText("Pending"),
              item.at("/metadata").has("deletionTimestamp"),
              reason,
              given.isMissingNode()
                  ? Optional.empty()
                  : Optional.of(Assignment.parse(given.asText()))));
    }
    return pods;
  }

  /** What a namespace's pods were given, in shares: four for a whole slice. */
  static int shares(List<Pod> pods, String namespace) {
    return pods.stream()
        .filter(pod -> pod.active() && pod.namespace().equals(namespace))
        .flatMap(pod -> pod.assignment().stream())
        .flatMap(assignment -> assignment.held().stream())
        .mapToInt(held -> held.resource().shared() ? held.shares() : 4 * held.slices().size())
        .sum();
  }

  /** Of what each UID or pod holds: slices with two holders, in two modes, or overfull. */
  static List<String> contested(Map<String, Map<String, Integer>> held) {
    Map<String, Map<String, Integer>> bySlice = new TreeMap<>();
    held.forEach(
        (holder, slices) ->
            slices.forEach(
                (slice, shares) ->
                    bySlice.computeIfAbsent(slice, x -> new TreeMap<>()).put(holder, shares)));
    List<String> wrong = new ArrayList<>();
    bySlice.forEach(
        (slice, holders) -> {
          boolean whole = holders.containsValue(0);
          int shares = holders.values().stream().mapToInt(Integer::intValue).sum();
          if (whole && holders.size() > 1 || shares > SHARES) {
            wrong.add(slice + " is held by " + holders);
          }
        });
    return wrong;
  }

  /**
   * By pod and slice, how many shares; 0 for the whole slice: what its node reports, once that is
   * complete, else what is written in the pod.
   */
  static Map<String, Map<String, Integer>> held(List<Pod> pods, JsonNode gpuNodes) {
    Map<String, Map<String, Integer>> reported = reported(gpuNodes);
    Map<String, Map<String, Integer>> held = new TreeMap<>();
    for (Pod pod : pods) {
      if (pod.active() && pod.assignment().isPresent()) {
        Map<String, Integer> written = written(pod.assignment().get());
        Map<String, Integer> seen = reported.getOrDefault(pod.uid(), Map.of());
        held.put(pod.name(), count(seen) == count(written) ? seen : written);
      }
    }
    return held;
  }

  private static int count(Map<String, Integer> held) {
    return held.values().stream().mapToInt(shares -> Math.max(1, shares)).sum();
  }

  private static Map<String, Integer> written(Assignment assignment) {
    Map<String, Integer> held = new TreeMap<>();
    for (Held each : assignment.held()) {
      each.slices().forEach(slice -> held.put(slice, each.shares()));
    }
    return held;
  }

  /** By UID and slice, how many shares; 0 for the whole slice. */
  static Map<String, Map<String, Integer>> reported(JsonNode gpuNodes) {
    Map<String, Map<String, Integer>> reported = new TreeMap<>();
    for (JsonNode node : gpuNodes.path("items")) {
      for (JsonNode gpu : node.at("/status/gpus")) {
        for (JsonNode slice : gpu.path("slices")) {
          for (JsonNode holder : slice.path("holders")) {
            reported
                .computeIfAbsent(holder.path("uid").asText(), uid -> new TreeMap<>())
                .put(slice.path("uuid").asText(), holder.path("shares").asInt());
          }
        }
      }
    }
    return reported;
  }
}
