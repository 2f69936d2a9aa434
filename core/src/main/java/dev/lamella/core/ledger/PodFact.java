package dev.lamella.core.ledger;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import java.util.Objects;
import java.util.Optional;

/**
 * A pod that asks for slices, as it was seen.
 *
 * @param ref who it is
 * @param version the pod's resourceVersion
 * @param node the node that it is bound to, if any
 * @param priority the pod's priority, higher first
 * @param needs what it asks for
 * @param assignment what its annotation says it was given, if that could be read
 */
public record PodFact(
    PodRef ref,
    long version,
    Optional<String> node,
    Phase phase,
    int priority,
    PodNeeds needs,
    Optional<Assignment> assignment) {

  public PodFact {
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(needs, "needs");
    Objects.requireNonNull(assignment, "assignment");
  }

  /**
   * When it was bound, in milliseconds since the epoch; a pod that was bound past the extender
   * counts as the youngest.
   */
  public long boundAt() {
    return assignment.map(Assignment::boundAt).orElse(Long.MAX_VALUE);
  }
}
