package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all sides say of a namespace's running pods: the annotation, the device manager's
 * checkpoint, pod-resources, and the node's report. Two pods of one shape may hold each other's
 * slices, since the kubelet names no pod when it asks; they are compared together.
 */
final class Agreement {

  private final Cluster cluster;
  private final Team team;
  private final boolean churned;
  private final Map<String, List<String>> assigned = new TreeMap<>();
  private final Map<String, List<String>> taken = new TreeMap<>();

  private Agreement(Cluster cluster, Team team, boolean churned) {
    this.cluster = cluster;
    this.team = team;
    this.churned = churned;
  }

  /** Waits until all sides agree, and fails if they do not. */
  static void await(Cluster cluster, Team team) throws Exception {
    Eventually.succeeds(
        "agreement on " + team.namespace(), new Agreement(cluster, team, false)::check);
  }

  /**
   * As {@link #await}, after pods have ended: of two pods that held each other's slices one may be
   * gone, so what was assigned and what is held are compared by number.
   */
  static void awaitAfterChurn(Cluster cluster, Team team) throws Exception {
    Eventually.succeeds(
        "agreement on " + team.namespace(), new Agreement(cluster, team, true)::check);
  }

  /** The slices that a pod's containers hold, by pod-resources. */
  static Set<String> slices(Cluster cluster, Team team, String pod) throws IOException {
    String node = team.pod(pod).at("/spec/nodeName").asText();
    Set<String> slices = new TreeSet<>();
    KubeletBooks.podResources(cluster.node(node).dir())
        .getOrDefault(team.namespace() + "/" + pod, Set.of())
        .forEach(device -> slices.add(device.slice()));
    return slices;
  }

  private void check() throws IOException {
    assigned.clear();
    taken.clear();
    Map<String, List<JsonNode>> byNode = new TreeMap<>();
    for (JsonNode pod : team.pods()) {
      if (Team.phase(pod).equals("Running")) {
        byNode
            .computeIfAbsent(pod.at("/spec/nodeName").asText(), node -> new ArrayList<>())
            .add(pod);
      }
    }
    for (var entry : byNode.entrySet()) {
      check(entry.getKey(), entry.getValue());
    }
    if (churned) {
      assertThat(numbers(taken)).as("taken, as many as assigned").isEqualTo(numbers(assigned));
    } else {
      assertThat(taken).as("taken, as assigned").isEqualTo(assigned);
    }
  }

  private static Map<String, Integer> numbers(Map<String, List<String>> slices) {
    Map<String, Integer> numbers = new TreeMap<>();
    slices.forEach((shape, all) -> numbers.put(shape, all.size()));
    return numbers;
  }

  private void check(String node, List<JsonNode> pods) throws IOException {
    Path dir = cluster.node(node).dir();
    Map<String, Set<Device>> checkpoint = KubeletBooks.checkpoint(dir);
    Map<String, Set<Device>> listed = KubeletBooks.podResources(dir);
    Set<String> real = new TreeSet<>();
    for (JsonNode pod : pods) {
      String name = team.namespace() + "/" + pod.at("/metadata/name").asText();
      Set<Device> written = checkpoint.getOrDefault(Team.uid(pod), Set.of());
      Set<Device> held = new HashSet<>(written);
      held.removeIf(device -> ordinaryInit(pod, device.container()));
      assertThat(listed.getOrDefault(name, Set.of())).as(name + ": pod-resources").isEqualTo(held);
      held.forEach(device -> real.add(Team.uid(pod) + " on " + device.slice()));
      account(node, pod, written);
    }
    assertThat(reported(node)).as(node + ": GpuNode").isEqualTo(real);
  }

  private static boolean ordinaryInit(JsonNode pod, String container) {
    for (JsonNode init : pod.at("/spec/initContainers")) {
      if (init.path("name").asText().equals(container)) {
        return !init.path("restartPolicy").asText().equals("Always");
      }
    }
    return false;
  }

  private Set<String> reported(String node) throws IOException {
    Set<String> reported = new TreeSet<>();
    for (SliceStatus slice : cluster.gpuNode(node).slices()) {
      for (Holder holder : slice.holders()) {
        if (team.namespace().equals(holder.namespace())) {
          reported.add(holder.uid() + " on " + slice.uuid());
        }
      }
    }
    return reported;
  }

  /** Adds a pod to what its shape was assigned and has taken, one slice name a device. */
  private void account(String node, JsonNode pod, Set<Device> written) {
    String text = pod.at("/metadata/annotations").path(LamellaApi.ASSIGNMENT).asText();
    Map<String, List<String>> given = new TreeMap<>();
    for (Held held : Assignment.parse(text).held()) {
      List<String> slices =
          given.computeIfAbsent(held.resource().text(), resource -> new ArrayList<>());
      held.slices().forEach(s -> slices.addAll(Collections.nCopies(Math.max(1, held.shares()), s)));
    }
    Map<String, Set<String>> ids = new TreeMap<>();
    written.forEach(d -> ids.computeIfAbsent(d.resource(), r -> new TreeSet<>()).add(d.id()));
    given.forEach((r, slices) -> add(assigned, node, r, slices));
    ids.forEach(
        (r, all) ->
            add(taken, node, r, all.stream().map(id -> new Device("", r, id).slice()).toList()));
  }

  private static void add(
      Map<String, List<String>> into, String node, String resource, List<String> slices) {
    String shape = node + " " + slices.size() + " " + resource;
    List<String> all = into.computeIfAbsent(shape, unused -> new ArrayList<>());
    all.addAll(slices);
    Collections.sort(all);
  }
}
