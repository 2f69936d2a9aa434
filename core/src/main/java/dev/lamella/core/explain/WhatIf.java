package dev.lamella.core.explain;

import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.reclaim.DisruptionBudget;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Would a pod fit, where, and at whose expense? Asked of a snapshot; nothing changes. */
public final class WhatIf {

  /** No pod has this UID: the API server makes others. */
  private static final String UID = "what-if";

  /**
   * What is asked.
   *
   * @param tenant whose pod
   * @param count devices of the resource, at least 1
   * @param priority the pod's priority
   */
  public record Ask(Tenant tenant, ResourceName resource, int count, int priority) {

    public Ask {
      if (count < 1) {
        throw new IllegalArgumentException("count is " + count + ", expected 1 or more");
      }
    }
  }

  /**
   * The answer.
   *
   * @param version of this shape
   * @param fits whether it would fit now
   * @param summary in a sentence
   * @param node where; null if it would not fit
   * @param slices what it would get
   * @param groups every node and the rule that rules it out
   * @param reclaim what would be taken for it
   */
  public record Answer(
      int version,
      Explanation.TenantLine tenant,
      String resource,
      int count,
      boolean fits,
      String summary,
      String node,
      List<SlicePlace> slices,
      QuotaAccount quota,
      List<NodeGroup> groups,
      ReclaimAccount reclaim) {}

  private WhatIf() {}

  /**
   * Answers.
   *
   * @param most how many nodes of each group are shown with their slices
   * @param now in milliseconds since the epoch
   * @throws IllegalArgumentException if the tenant owns no namespace that a pod could be in
   */
  public static Answer ask(
      Ask ask,
      Snapshot snapshot,
      PlacementPolicy policy,
      List<DisruptionBudget> budgets,
      Viewer viewer,
      int most,
      long now) {
    PodRequest request = request(ask, snapshot, now);
    Holders holders = new Holders(snapshot, viewer);
    Nodes nodes = new Nodes(request, snapshot, policy, holders, Optional.empty());
    Optional<Nodes.Judged> best =
        nodes.all().stream()
            .filter(Nodes.Judged::fits)
            .min((a, b) -> policy.compare(fits(a).fit(), fits(b).fit()));
    List<String> all = nodes.all().stream().map(judged -> judged.node().name()).toList();
    ReclaimAccount reclaim =
        best.isPresent()
            ? ReclaimAccount.notNeeded("it fits")
            : new Reclaims(snapshot, holders, budgets).of(request, all);
    List<NodeGroup> groups = nodes.groups(most);
    return new Answer(
        Explanation.VERSION,
        Explainer.tenantLine(ask.tenant()),
        ask.resource().text(),
        ask.count(),
        best.isPresent(),
        summary(best, groups, reclaim),
        best.map(judged -> judged.node().name()).orElse(null),
        best.map(judged -> Slices.places(judged.node(), fits(judged).held())).orElse(List.of()),
        new Quotas(snapshot).of(ask.tenant(), request, Optional.empty()),
        groups,
        reclaim);
  }

  private static PodRequest request(Ask ask, Snapshot snapshot, long now) {
    PodRef pod = new PodRef(UID, namespace(ask.tenant(), snapshot), UID);
    return new PodRequest(
        pod,
        ask.priority(),
        PodNeeds.of(ask.resource(), ask.count()),
        PodFact.Traits.ORDINARY,
        now);
  }

  private static String namespace(Tenant tenant, Snapshot snapshot) {
    if (tenant.equals(Tenant.UNCLAIMED)) {
      return "";
    }
    SortedSet<String> owned = snapshot.tenants().namespaces(tenant);
    if (owned.isEmpty()) {
      throw new IllegalArgumentException(
          "tenant " + tenant.name() + " owns no namespace: no pod can be of it");
    }
    return owned.first();
  }

  private static Verdict.Fits fits(Nodes.Judged judged) {
    return (Verdict.Fits) judged.verdict();
  }

  private static String summary(
      Optional<Nodes.Judged> best, List<NodeGroup> groups, ReclaimAccount reclaim) {
    if (best.isPresent()) {
      return "it would fit on node %s, %s"
          .formatted(
              best.get().node().name(),
              fits(best.get()).standing() instanceof Standing.Guaranteed
                  ? "within the guarantee"
                  : "borrowing");
    }
    if (reclaim.state().equals("Possible")) {
      return "it would not fit now; slices would be reclaimed on node " + reclaim.node();
    }
    return groups.isEmpty() ? "the cluster has no nodes" : groups.get(0).reason();
  }
}
