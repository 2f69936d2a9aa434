package dev.lamella.core.explain;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reclaim.DisruptionBudget;
import dev.lamella.core.reclaim.ReclaimDecision;
import dev.lamella.core.reclaim.ReclaimPlanner;
import dev.lamella.core.reclaim.Victim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What reclaim would do for a pod, for people. */
final class Reclaims {

  private final Snapshot snapshot;
  private final Holders holders;
  private final List<DisruptionBudget> budgets;

  Reclaims(Snapshot snapshot, Holders holders, List<DisruptionBudget> budgets) {
    this.snapshot = snapshot;
    this.holders = holders;
    this.budgets = budgets;
  }

  /** What the planner says. */
  ReclaimAccount of(PodRequest request, Collection<String> offered) {
    ReclaimDecision decision = ReclaimPlanner.plan(request, offered, budgets, snapshot);
    if (decision instanceof ReclaimDecision.Refused no) {
      return new ReclaimAccount(
          "Refused",
          no.reason().rule().name(),
          no.reason().sentence(),
          null,
          List.of(),
          List.of(),
          List.of(),
          List.of());
    }
    ReclaimDecision.Plan plan = (ReclaimDecision.Plan) decision;
    NodeState node = snapshot.node(plan.node()).orElseThrow();
    return new ReclaimAccount(
        "Possible",
        null,
        plan.victims().isEmpty() ? "it waits for pods that are leaving" : "pods can be evicted",
        plan.node(),
        Slices.places(node, plan.held()),
        plan.victims().stream().map(this::victim).toList(),
        plan.leaving().stream()
            .map(pod -> holders.holder(pod, shares(node, pod), true, null))
            .toList(),
        forbidding(plan.victims()));
  }

  private Holder victim(Victim victim) {
    PodCharge pod = victim.pod();
    int shares =
        pod.needs().totals().entrySet().stream()
            .filter(need -> need.getKey().shared())
            .mapToInt(need -> need.getValue())
            .sum();
    String kind =
        switch (victim.kind()) {
          case BORROWING_SHARE, BORROWING_WHOLE -> "borrowed";
          case EXCHANGED_SHARE -> "its tenant keeps its guarantee without it";
          case DISPLACED_SHARE -> "guaranteed share, fits elsewhere";
        };
    return holders.holder(pod.pod(), shares, false, kind);
  }

  private static int shares(NodeState node, PodRef pod) {
    return node.slices().stream()
        .flatMap(slice -> slice.holds().stream())
        .filter(hold -> hold.pod().uid().equals(pod.uid()))
        .mapToInt(hold -> hold.shares())
        .sum();
  }

  /** Budgets that allow fewer evictions than the plan needs; named if their pods may be seen. */
  private List<String> forbidding(List<Victim> victims) {
    List<String> names = new ArrayList<>();
    for (DisruptionBudget budget : budgets) {
      List<PodRef> covered =
          victims.stream()
              .map(victim -> victim.pod().pod())
              .filter(pod -> budget.pods().contains(pod.uid()))
              .toList();
      if (covered.size() > budget.allowed()) {
        boolean seen = covered.stream().allMatch(holders::sees);
        names.add(seen ? budget.name() : "one of another tenant");
      }
    }
    return names;
  }
}
