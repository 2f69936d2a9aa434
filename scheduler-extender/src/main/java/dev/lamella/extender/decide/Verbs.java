package dev.lamella.extender.decide;

import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.Fit;
import dev.lamella.core.placement.NodeScores;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reclaim.Preemption;
import dev.lamella.extender.log.LogValue;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
  private final Borrowers borrowers = new Borrowers();

  public Verbs(LedgerOwner owner, PlacementPolicy policy, Clock clock) {
    this.owner = owner;
    this.policy = policy;
    this.clock = clock;
  }

  Demands demands() {
    return demands;
  }

  PlacementPolicy policy() {
    return policy;
  }

  /** A pod is bound or gone. */
  void settled(String uid) {
    demands.settled(uid);
    borrowers.settled(uid);
  }

  /** Pods that were refused on every node they were offered, and wait. */
  public List<Blocked> blocked() {
    return demands.all().stream().map(each -> new Blocked(each.pod(), each.since())).toList();
  }

  /** Which of these nodes could take the pod now, and why the others could not. */
  public FilterAnswer filter(PodFact pod, List<String> nodes) {
    Snapshot snapshot = owner.snapshot();
    PodRequest request = PodRequest.of(pod, clock.millis());
    PodPlacer placer = PodPlacer.of(request, snapshot, policy);
    Set<String> fits = new LinkedHashSet<>();
    Set<String> borrowing = new LinkedHashSet<>();
    Map<String, Reason> rejected = new LinkedHashMap<>();
    for (String node : nodes) {
      Standing standing = placer.standing(node);
      if (standing instanceof Standing.Refused no) {
        rejected.put(node, no.reason());
      } else {
        fits.add(node);
        if (standing instanceof Standing.Borrowing) {
          borrowing.add(node);
        }
      }
    }
    letOthersFirst(request, snapshot, borrowing, fits, rejected);
    if (fits.isEmpty()) {
      demands.refused(pod, nodes, Sentences.counted(rejected.values()), clock.millis());
      borrowers.refused(request, nodes, snapshot);
    } else {
      settled(pod.ref().uid());
    }
    LOG.info(
        "filter pod={} needs={} feasible={} rejected={}",
        LogValue.of(pod.ref()),
        LogValue.of(pod.needs()),
        fits.size(),
        rejected.size());
    debug("filter", pod, rejected);
    return new FilterAnswer(new ArrayList<>(fits), rejected);
  }

  /** Where it would borrow, it may have to let a better-placed borrower go first. */
  private void letOthersFirst(
      PodRequest request,
      Snapshot snapshot,
      Set<String> borrowing,
      Set<String> fits,
      Map<String, Reason> rejected) {
    if (!borrowing.isEmpty()) {
      borrowers
          .yields(request, borrowing, snapshot)
          .ifPresent(
              reason -> {
                fits.removeAll(borrowing);
                borrowing.forEach(node -> rejected.put(node, reason));
              });
    }
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
