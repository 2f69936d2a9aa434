package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pod of this node that has not ended, as the pod watch saw it.
 *
 * @param assignment what the extender gave it; empty if it gave nothing
 */
public record KnownPod(String uid, PodName name, Optional<Assignment> assignment) {

  /** The order in which the extender decided to bind pods. */
  static final Comparator<KnownPod> BY_BIND =
      Comparator.comparingLong(KnownPod::boundAt).thenComparing(KnownPod::uid);

  public KnownPod {
    Objects.requireNonNull(uid, "uid");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(assignment, "assignment");
  }

  /** Milliseconds since the epoch; a pod without an assignment comes last. */
  long boundAt() {
    return assignment.map(Assignment::boundAt).orElse(Long.MAX_VALUE);
  }

  /** Devices of a resource that it was given, counted by slice. */
  TreeMap<String, Integer> given(ResourceName resource) {
    TreeMap<String, Integer> devices = new TreeMap<>();
    for (Held held : assignment.map(Assignment::held).orElseGet(List::of)) {
      if (held.resource().equals(resource)) {
        int each = resource.shared() ? held.shares() : 1;
        held.slices().forEach(slice -> devices.merge(slice, each, Integer::sum));
      }
    }
    return devices;
  }

  /** Slices of which it was given shares. */
  List<String> sharedSlices() {
    return assignment.map(Assignment::held).orElseGet(List::of).stream()
        .filter(held -> held.resource().shared())
        .flatMap(held -> held.slices().stream())
        .toList();
  }

  boolean wasGiven(String slice) {
    return assignment.map(Assignment::held).orElseGet(List::of).stream()
        .anyMatch(held -> held.slices().contains(slice));
  }
}
