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
 * @param traits what matters when somebody has to go
 */
public record PodFact(
    PodRef ref,
    long version,
    Optional<String> node,
    Phase phase,
    int priority,
    PodNeeds needs,
    Optional<Assignment> assignment,
    Traits traits) {

  /**
   * What matters when somebody has to go.
   *
   * @param terminating whether it is being deleted already
   * @param controlled whether a controller would make another in its place
   * @param reclaims whether it may take slices from others ({@code preemptionPolicy})
   */
  public record Traits(boolean terminating, boolean controlled, boolean reclaims) {

    /** A pod of a controller, with the default policy. */
    public static final Traits ORDINARY = new Traits(false, true, true);
  }

  public PodFact {
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(needs, "needs");
    Objects.requireNonNull(assignment, "assignment");
    Objects.requireNonNull(traits, "traits");
  }

  /** Whether another sighting differs only in its version and in how far the pod has come. */
  boolean countsAs(PodFact other) {
    return ref.equals(other.ref)
        && node.equals(other.node)
        && priority == other.priority
        && needs.equals(other.needs)
        && assignment.equals(other.assignment)
        && traits.equals(other.traits);
  }

  /** The same pod as it will be seen once a bind is written. */
  PodFact boundTo(String newNode, Assignment given) {
    return new PodFact(
        ref, version, Optional.of(newNode), phase, priority, needs, Optional.of(given), traits);
  }

  /**
   * When it was bound, in milliseconds since the epoch; a pod that was bound past the extender
   * counts as the youngest.
   */
  public long boundAt() {
    return assignment.map(Assignment::boundAt).orElse(Long.MAX_VALUE);
  }
}
