package dev.lamella.core.placement;

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
 * @param now the time that would be written as boundAt, in milliseconds since the epoch
 */
public record PodRequest(PodRef pod, int priority, PodNeeds needs, long now) {

  public PodRequest {
    Objects.requireNonNull(pod, "pod");
    Objects.requireNonNull(needs, "needs");
  }

  public static PodRequest of(PodFact pod, long now) {
    return new PodRequest(pod.ref(), pod.priority(), pod.needs(), now);
  }
}
