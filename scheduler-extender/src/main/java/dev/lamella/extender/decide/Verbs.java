package dev.lamella.extender.decide;

import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.Fit;
import dev.lamella.core.placement.NodeScores;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.reason.Reason;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Filter and prioritize: questions that commit nothing; a pod refused everywhere is noted. */
public final class Verbs {

  private static final Logger LOG = LoggerFactory.getLogger(Verbs.class);

  private final LedgerOwner owner;
  private final PlacementPolicy policy;
  private final Clock clock;
  private final Demands demands = new Demands();

  public Verbs(LedgerOwner owner, PlacementPolicy policy, Clock clock) {
    this.owner = owner;
    this.policy = policy;
    this.clock = clock;
  }

  Demands demands() {
    return demands;
  }

  /** Which of these nodes could take the pod now, and why the others could not. */
  public FilterAnswer filter(PodFact pod, List<String> nodes) {
    Snapshot snapshot = owner.snapshot();
    PodPlacer placer = PodPlacer.of(PodRequest.of(pod, clock.millis()), snapshot, policy);
    List<String> feasible = new ArrayList<>();
    Map<String, Reason> rejected = new LinkedHashMap<>();
    for (String node : nodes) {
      Verdict verdict = placer.place(node);
      if (verdict instanceof Verdict.Rejected no) {
        rejected.put(node, no.reason());
      } else {
        feasible.add(node);
      }
    }
    if (feasible.isEmpty()) {
      demands.refused(pod, nodes, Sentences.counted(rejected.values()), clock.millis());
    } else {
      demands.settled(pod.ref().uid());
    }
    LOG.info(
        "filter pod={} needs={} feasible={} rejected={}",
        pod.ref(),
        pod.needs(),
        feasible.size(),
        rejected.size());
    rejected.forEach((node, reason) -> LOG.debug("filter node={} {}", node, reason));
    return new FilterAnswer(feasible, rejected);
  }

  /** Scores of 0..10; nodes that could not take the pod any more have none. */
  public Map<String, Integer> prioritize(PodFact pod, List<String> nodes) {
    Snapshot snapshot = owner.snapshot();
    PodPlacer placer = PodPlacer.of(PodRequest.of(pod, clock.millis()), snapshot, policy);
    List<Fit> fits = new ArrayList<>();
    for (String node : nodes) {
      if (placer.place(node) instanceof Verdict.Fits yes) {
        fits.add(yes.fit());
      }
    }
    return NodeScores.of(fits, policy);
  }
}
