package dev.lamella.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.resource.DeviceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what three sides say: the binding's annotation, the kubelet, and the node's report. */
final class Contradictions {

  private Contradictions() {}

  /**
   * What does not agree, a line each; empty if all does.
   *
   * @param pods as the API server lists them
   * @param kubelets by node
   */
  static List<String> find(JsonNode pods, Report report, Map<String, KubeletDevices> kubelets) {
    List<String> found = new ArrayList<>();
    Map<String, Set<String>> holders = new HashMap<>();
    for (JsonNode pod : pods) {
      PodState state = PodState.of(pod);
      List<KubeletDevices.Given> given =
          kubelets
              .getOrDefault(state.node(), new KubeletDevices(Map.of()))
              .of(state.namespace(), state.name());
      String who = state.namespace() + "/" + state.name();
      given.forEach(
          g ->
              g.devices()
                  .forEach(d -> holders.computeIfAbsent(d.slice(), s -> new TreeSet<>()).add(who)));
      if (state.phase().equals("Running")) {
        compare(who, pod, given).ifPresent(found::add);
      }
    }
    report.nodes().forEach(node -> found.addAll(compare(node, holders)));
    return found;
  }

  private static Optional<String> compare(
      String who, JsonNode pod, List<KubeletDevices.Given> given) {
    String text = pod.path("metadata").path("annotations").path(LamellaApi.ASSIGNMENT).asText("");
    Map<String, List<String>> assigned = new TreeMap<>();
    if (!text.isEmpty()) {
      try {
        Assignment.parse(text).held().forEach(held -> add(assigned, held));
      } catch (IllegalArgumentException e) {
        return Optional.of("%s: its assignment cannot be read: %s".formatted(who, e.getMessage()));
      }
    }
    Map<String, List<String>> handedOut = new TreeMap<>();
    for (KubeletDevices.Given one : given) {
      List<String> slices = handedOut.computeIfAbsent(one.resource(), r -> new ArrayList<>());
      one.devices().stream().map(DeviceId::slice).forEach(slices::add);
    }
    assigned.values().forEach(Collections::sort);
    handedOut.values().forEach(Collections::sort);
    return assigned.equals(handedOut)
        ? Optional.empty()
        : Optional.of(
            "%s: assigned %s, but the kubelet handed out %s".formatted(who, assigned, handedOut));
  }

  private static void add(Map<String, List<String>> slices, Held held) {
    List<String> of = slices.computeIfAbsent(held.resource().text(), r -> new ArrayList<>());
    for (String slice : held.slices()) {
      of.addAll(Collections.nCopies(Math.max(1, held.shares()), slice));
    }
  }

  private static List<String> compare(Report.Node node, Map<String, Set<String>> holders) {
    List<String> found = new ArrayList<>();
    for (Report.Gpu gpu : node.gpus()) {
      for (Report.Slice slice : gpu.slices()) {
        Set<String> reported = new TreeSet<>();
        slice.holders().forEach(h -> reported.add(h.namespace() + "/" + h.name()));
        Set<String> real = holders.getOrDefault(slice.uuid(), Set.of());
        boolean free = slice.mode().equals(Mode.FREE.text());
        if (!reported.equals(real) || free != real.isEmpty()) {
          found.add(
              "node %s reports slice %s as %s, held by %s; its kubelet says %s"
                  .formatted(node.name(), slice.uuid(), slice.mode(), reported, real));
        }
      }
    }
    return found;
  }
}
