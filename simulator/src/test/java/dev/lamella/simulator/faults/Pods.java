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
      String reason = "";
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

  /**
   * Slices with two holders, or in two modes, or with more shares than there are; by what is
   * written in the pods.
   */
  static List<String> contested(List<Pod> pods) {
    Map<String, List<String>> wholes = new TreeMap<>();
    Map<String, List<String>> shares = new TreeMap<>();
    for (Pod pod : pods) {
      if (!pod.active() || pod.assignment().isEmpty()) {
        continue;
      }
      for (Held held : pod.assignment().get().held()) {
        for (String slice : held.slices()) {
          Map<String, List<String>> mode = held.resource().shared() ? shares : wholes;
          for (int i = 0; i < Math.max(1, held.shares()); i++) {
            mode.computeIfAbsent(slice, s -> new ArrayList<>()).add(pod.name());
          }
        }
      }
    }
    List<String> wrong = new ArrayList<>();
    wholes.forEach(
        (slice, holders) -> {
          if (holders.size() > 1 || shares.containsKey(slice)) {
            wrong.add(slice + ": whole " + holders + ", shared " + shares.get(slice));
          }
        });
    shares.forEach(
        (slice, holders) -> {
          if (holders.size() > 4) {
            wrong.add(slice + ": shared " + holders);
          }
        });
    return wrong;
  }
}
