package dev.lamella.core.placement;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import java.util.Objects;

/**
 * A pod that wants slices.
 *
 * @param pod who it is
 * @param priority the pod's priority, higher first
 * @param needs what it asks for, at least one device
 * @param traits whether it may take slices from others, above all
 * @param now the time that would be written as boundAt, in milliseconds since the epoch
 */
public record PodRequest(
    PodRef pod, int priority, PodNeeds needs, PodFact.Traits traits, long now) {

  public PodRequest {
    Objects.requireNonNull(pod, "pod");
    Objects.requireNonNull(needs, "needs");
    Objects.requireNonNull(traits, "traits");
  }

  public static PodRequest of(PodFact pod, long now) {
    return new PodRequest(pod.ref(), pod.priority(), pod.needs(), pod.traits(), now);
  }

  /** What it would be charged on a node. */
  public PodCharge chargeOn(NodeState node) {
    return node.charge(pod, priority, now, needs, traits);
  }
}
