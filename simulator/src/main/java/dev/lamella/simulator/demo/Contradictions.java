package dev.lamella.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.resource.DeviceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares what three sides say: the bindings' annotations, the kubelets, and the nodes' reports.
 *
 * <p>The kubelet names no pod when it asks for devices, so pods of one shape on one node may have
 * been given each other's slices: they are compared together. Once some of them have left, what the
 * others were assigned says nothing about what they hold; then only kubelets and reports are
 * compared.
 */
final class Contradictions {

  /** Pods that cannot be told apart: as many devices of one resource, on one node. */
  private record Shape(String node, String resource, int devices) implements Comparable<Shape> {

    private static final Comparator<Shape> ORDER =
        Comparator.comparing(Shape::node)
            .thenComparing(Shape::resource)
            .thenComparingInt(Shape::devices);

    @Override
    public int compareTo(Shape other) {
      return ORDER.compare(this, other);
    }
  }

  /** What the pods of one shape were assigned and given, a slice named once a device. */
  private static final class Slices {
    private final Set<String> pods = new TreeSet<>();
    private final List<String> assigned = new ArrayList<>();
    private final List<String> given = new ArrayList<>();

    boolean agree() {
      Collections.sort(assigned);
      Collections.sort(given);
      return assigned.equals(given);
    }
  }

  private final Map<String, KubeletDevices> kubelets;
  private final Map<Shape, Slices> shapes = new TreeMap<>();
  private final Map<String, Set<String>> holders = new TreeMap<>();
  private final List<String> found = new ArrayList<>();

  private Contradictions(Map<String, KubeletDevices> kubelets) {
    this.kubelets = kubelets;
  }

  /**
   * What does not agree, a line each; empty if all does.
   *
   * @param pods as the API server lists them
   * @param kubelets by node
   * @param allStay whether every pod that was ever bound is still there
   */
  static List<String> find(
      JsonNode pods, Report report, Map<String, KubeletDevices> kubelets, boolean allStay) {
    Contradictions contradictions = new Contradictions(kubelets);
    pods.forEach(contradictions::add);
    if (allStay) {
      contradictions.shapes.forEach(contradictions::compare);
    }
    report.nodes().forEach(contradictions::compare);
    return contradictions.found;
  }

  private void add(JsonNode pod) {
    PodState state = PodState.of(pod);
    String who = state.namespace() + "/" + state.name();
    boolean running = state.phase().equals("Running") && !state.terminating();
    KubeletDevices devices = kubelets.getOrDefault(state.node(), new KubeletDevices(Map.of()));
    Map<String, List<String>> given = new TreeMap<>();
    for (KubeletDevices.Given one : devices.of(state.namespace(), state.name())) {
      List<String> slices = one.devices().stream().map(DeviceId::slice).toList();
      given.computeIfAbsent(one.resource(), r -> new ArrayList<>()).addAll(slices);
      slices.forEach(s -> holders.computeIfAbsent(s, u -> new TreeSet<>()).add(who));
    }
    if (running) {
      given.forEach((r, slices) -> shape(state, r, slices, who).given.addAll(slices));
      assigned(pod, who)
          .forEach((r, slices) -> shape(state, r, slices, who).assigned.addAll(slices));
    }
  }

  private Slices shape(PodState pod, String resource, List<String> slices, String who) {
    Slices shape =
        shapes.computeIfAbsent(
            new Shape(pod.node(), resource, slices.size()), unused -> new Slices());
    shape.pods.add(who);
    return shape;
  }

  private Map<String, List<String>> assigned(JsonNode pod, String who) {
    String text = pod.path("metadata").path("annotations").path(LamellaApi.ASSIGNMENT).asText("");
    Map<String, List<String>> assigned = new TreeMap<>();
    if (text.isEmpty()) {
      return assigned;
    }
    try {
      for (Held held : Assignment.parse(text).held()) {
        List<String> slices =
            assigned.computeIfAbsent(held.resource().text(), r -> new ArrayList<>());
        held.slices()
            .forEach(s -> slices.addAll(Collections.nCopies(Math.max(1, held.shares()), s)));
      }
    } catch (IllegalArgumentException e) {
      found.add("%s: its assignment cannot be read: %s".formatted(who, e.getMessage()));
    }
    return assigned;
  }

  private void compare(Shape shape, Slices slices) {
    if (!slices.agree()) {
      found.add(
          "node %s, %s, pods %s: assigned %s, but the kubelet handed out %s"
              .formatted(
                  shape.node(), shape.resource(), slices.pods, slices.assigned, slices.given));
    }
  }

  private void compare(Report.Node node) {
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
  }
}
