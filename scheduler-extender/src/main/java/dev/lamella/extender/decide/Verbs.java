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
import dev.lamella.core.reclaim.Preemption;
import dev.lamella.extender.log.LogValue;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      demands.refused(pod, nodes, clock.millis());
    } else {
      demands.settled(pod.ref().uid());
    }
    LOG.info(
        "filter pod={} needs={} feasible={} rejected={}",
        LogValue.of(pod.ref()),
        LogValue.of(pod.needs()),
        feasible.size(),
        rejected.size());
    debug("filter", pod, rejected);
    return new FilterAnswer(feasible, rejected);
  }

  private static void debug(String verb, PodFact pod, Map<String, Reason> rejected) {
    if (LOG.isDebugEnabled()) {
      rejected.forEach(
          (node, reason) ->
              LOG.debug(
                  "{} pod={} node={} rule={} account={}",
                  verb,
                  LogValue.of(pod.ref()),
                  LogValue.of(node),
                  reason.rule(),
                  LogValue.of(reason)));
    }
  }

  /**
   * Why nodes on which kube-scheduler would preempt are of no use; the others may be taken as they
   * stand.
   *
   * @param victims by node, the UIDs of the pods that would go
   */
  public Map<String, Reason> preempt(PodFact pod, Map<String, ? extends Set<String>> victims) {
    Map<String, Reason> refused =
        Preemption.refusals(PodRequest.of(pod, clock.millis()), victims, owner.snapshot(), policy);
    LOG.info(
        "preempt pod={} needs={} kept={} dropped={}",
        LogValue.of(pod.ref()),
        LogValue.of(pod.needs()),
        victims.size() - refused.size(),
        refused.size());
    debug("preempt", pod, refused);
    return refused;
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
    Map<String, Integer> scores = NodeScores.of(fits, policy);
    LOG.debug("prioritize pod={} scores={}", LogValue.of(pod.ref()), scores);
    return scores;
  }
}
