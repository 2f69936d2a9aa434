package dev.lamella.core.ledger;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The slices that one pod holds on its node.
 *
 * <p>What the node reports counts. Until the report shows as many devices as the pod asked for (it
 * is still being admitted, or an init container holds some that the report leaves out), what the
 * assignment says is added to it. An assignment that contradicts the pod's requests or the node's
 * slices is left out: annotations are tenants' to write.
 *
 * @param bySlice shares held of each slice, 0 for the whole slice
 * @param admitted whether the report shows all that it asks for
 * @param contradictions why its assignment was left out, if it was
 */
record PodHoldings(Map<String, Integer> bySlice, boolean admitted, List<String> contradictions) {

  static PodHoldings of(PodFact pod, Map<String, SliceState> slices, NodeReport report) {
    Map<String, Integer> held = new TreeMap<>(report.heldBy(pod.ref().uid()));
    List<String> contradictions = new ArrayList<>();
    boolean admitted = complete(pod, held, slices);
    if (pod.assignment().isPresent() && !admitted) {
      Assignment assignment = pod.assignment().get();
      contradiction(pod, slices)
          .ifPresentOrElse(
              why -> contradictions.add("assignment of " + pod.ref() + " is ignored: " + why),
              () -> assignment.held().forEach(entry -> add(entry, held)));
    }
    return new PodHoldings(held, admitted, contradictions);
  }

  private static void add(Held entry, Map<String, Integer> held) {
    entry.slices().forEach(slice -> held.merge(slice, entry.shares(), Math::max));
  }

  private static boolean complete(
      PodFact pod, Map<String, Integer> held, Map<String, SliceState> slices) {
    Map<ResourceName, Integer> shown = new TreeMap<>();
    held.forEach(
        (uuid, shares) -> {
          SliceState state = slices.get(uuid);
          if (state != null) {
            ResourceName resource = state.resource(shares > 0);
            shown.merge(resource, Math.max(1, shares), Integer::sum);
          }
        });
    return shown.equals(pod.needs().totals());
  }

  /** Why the pod's assignment, which it has, cannot be true; empty if it can. */
  static Optional<String> contradiction(PodFact pod, Map<String, SliceState> slices) {
    Assignment assignment = pod.assignment().orElseThrow();
    for (Map.Entry<ResourceName, Integer> need : pod.needs().totals().entrySet()) {
      int given = assignment.devices(need.getKey());
      if (given != need.getValue()) {
        return Optional.of(
            "it gives %d of %s, the pod asks for %d"
                .formatted(given, need.getKey(), need.getValue()));
      }
    }
    for (Held entry : assignment.held()) {
      if (!pod.needs().totals().containsKey(entry.resource())) {
        return Optional.of("the pod does not ask for " + entry.resource());
      }
      for (String uuid : entry.slices()) {
        SliceState state = slices.get(uuid);
        if (state == null || !state.kind().equals(entry.resource().profile())) {
          return Optional.of(
              "its node has no %s slice %s".formatted(entry.resource().profile(), uuid));
        }
      }
    }
    return Optional.empty();
  }
}
