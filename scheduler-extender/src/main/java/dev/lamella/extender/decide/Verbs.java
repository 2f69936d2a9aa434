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

  /** Which of these nodes could take the pod now, and why the others could not. */
  public FilterAnswer filter(PodFact pod, List<String> nodes) {
    Snapshot snapshot = owner.snapshot();
    PodRequest request = PodRequest.of(pod, clock.millis());
    PodPlacer placer = PodPlacer.of(request, snapshot, policy);
    Map<String, Standing> fits = new LinkedHashMap<>();
    Map<String, Reason> rejected = new LinkedHashMap<>();
    for (String node : nodes) {
      Verdict verdict = placer.place(node);
      if (verdict instanceof Verdict.Rejected no) {
        rejected.put(node, no.reason());
      } else if (verdict instanceof Verdict.Fits yes) {
        fits.put(node, yes.standing());
      }
    }
    letOthersFirst(request, snapshot, fits, rejected);
    note(request, pod, nodes, snapshot, fits.isEmpty());
    LOG.info(
        "filter pod={} needs={} feasible={} rejected={}",
        pod.ref(),
        pod.needs(),
        fits.size(),
        rejected.size());
    rejected.forEach((node, reason) -> LOG.debug("filter node={} {}", node, reason));
    return new FilterAnswer(new ArrayList<>(fits.keySet()), rejected);
  }

  /** Where it would borrow, it may have to let a better-placed borrower go first. */
  private void letOthersFirst(
      PodRequest request,
      Snapshot snapshot,
      Map<String, Standing> fits,
      Map<String, Reason> rejected) {
    Set<String> borrowing = new LinkedHashSet<>(fits.keySet());
    borrowing.removeIf(node -> !(fits.get(node) instanceof Standing.Borrowing));
    if (!borrowing.isEmpty()) {
      borrowers
          .yields(request, borrowing, snapshot)
          .ifPresent(
              reason -> {
                fits.keySet().removeAll(borrowing);
                borrowing.forEach(node -> rejected.put(node, reason));
              });
    }
  }

  private void note(
      PodRequest request, PodFact pod, List<String> nodes, Snapshot snapshot, boolean refused) {
    if (refused) {
      demands.refused(pod, nodes, clock.millis());
      borrowers.refused(request, nodes, snapshot);
    } else {
      settled(pod.ref().uid());
    }
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
