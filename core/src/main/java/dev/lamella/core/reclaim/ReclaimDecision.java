package dev.lamella.core.reclaim;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reason.Reason;
import java.util.List;

/** What reclaim could do for a pod. */
public sealed interface ReclaimDecision {

  /**
   * Evict these pods and keep what they held for the pod.
   *
   * @param node where
   * @param held the slices to reserve
   * @param victims to evict, the first to go first; none could be left out. Empty if it is enough
   *     to wait for pods that are leaving already
   * @param leaving pods on these slices that are terminating, or gone but not yet reported so
   */
  record Plan(String node, List<Held> held, List<Victim> victims, List<PodRef> leaving)
      implements ReclaimDecision {
    public Plan {
      held = List.copyOf(held);
      victims = List.copyOf(victims);
      leaving = List.copyOf(leaving);
    }
  }

  /** Nothing. */
  record Refused(Reason reason) implements ReclaimDecision {}
}
