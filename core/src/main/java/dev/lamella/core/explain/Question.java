package dev.lamella.core.explain;

import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.reclaim.DisruptionBudget;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A pod to be explained, and all that its explanation follows from.
 *
 * @param pod as last seen
 * @param offer what kube-scheduler asked last; empty if it was never refused, or is not any more
 * @param budgets what may be disrupted now
 * @param now in milliseconds since the epoch
 */
public record Question(
    PodFact pod,
    Snapshot snapshot,
    PlacementPolicy policy,
    Optional<Offer> offer,
    List<DisruptionBudget> budgets,
    long now) {

  public Question {
    Objects.requireNonNull(pod, "pod");
    Objects.requireNonNull(snapshot, "snapshot");
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(offer, "offer");
    budgets = List.copyOf(budgets);
  }
}
