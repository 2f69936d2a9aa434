package dev.lamella.extender.decide;

import dev.lamella.core.explain.Offer;
import dev.lamella.core.explain.Question;
import dev.lamella.core.explain.Waiting;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.reclaim.DisruptionBudget;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** All that an explanation follows from, taken from the ledger at one moment. Changes nothing. */
public final class ClusterAccounts {

  private static final long LEDGER_MILLIS = 2_000;

  private final LedgerOwner owner;
  private final Demands demands;
  private final Supplier<List<DisruptionBudget>> budgets;
  private final PlacementPolicy policy;
  private final Clock clock;

  /**
   * @param verbs whose refusals are told of
   * @param budgets what may be disrupted now
   */
  public ClusterAccounts(
      LedgerOwner owner,
      Verbs verbs,
      Supplier<List<DisruptionBudget>> budgets,
      PlacementPolicy policy,
      Clock clock) {
    this.owner = owner;
    this.demands = verbs.demands();
    this.budgets = budgets;
    this.policy = policy;
    this.clock = clock;
  }

  /** The cluster, and the pods that wait for slices. */
  public record Account(Snapshot snapshot, List<Waiting> waiting) {}

  private record Taken(Snapshot snapshot, List<PodFact> pods) {}

  /** What filter and bind decide by. */
  public PlacementPolicy policy() {
    return policy;
  }

  /** What may be disrupted now. */
  public List<DisruptionBudget> budgets() {
    return budgets.get();
  }

  /** In milliseconds since the epoch. */
  public long now() {
    return clock.millis();
  }

  /**
   * What is known of a pod; empty if no pod of this name asks for slices. Of two of one name the
   * one that has not ended counts.
   *
   * @throws TimeoutException if the ledger is busy
   */
  public Optional<Question> question(String namespace, String name) throws TimeoutException {
    Taken taken = take();
    return taken.pods().stream()
        .filter(pod -> pod.ref().namespace().equals(namespace) && pod.ref().name().equals(name))
        .min(
            Comparator.comparing((PodFact pod) -> pod.phase().terminal())
                .thenComparing(PodFact::version, Comparator.reverseOrder())
                .thenComparing(pod -> pod.ref().uid()))
        .map(
            pod ->
                new Question(
                    pod, taken.snapshot(), policy, offer(pod), budgets.get(), clock.millis()));
  }

  /**
   * The whole cluster.
   *
   * @throws TimeoutException if the ledger is busy
   */
  public Account all() throws TimeoutException {
    Taken taken = take();
    List<Waiting> waiting =
        taken.pods().stream()
            .filter(pod -> pod.node().isEmpty() && !pod.phase().terminal())
            .map(pod -> new Waiting(pod, offer(pod)))
            .toList();
    return new Account(taken.snapshot(), waiting);
  }

  private Taken take() throws TimeoutException {
    return owner.decide(ledger -> new Taken(ledger.snapshot(), ledger.pods()), LEDGER_MILLIS);
  }

  private Optional<Offer> offer(PodFact pod) {
    return demands
        .of(pod.ref().uid())
        .map(demand -> new Offer(demand.offered(), demand.why(), demand.since(), demand.at()));
  }
}
