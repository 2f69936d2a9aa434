package dev.lamella.core.reclaim;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.quota.QuotaCheck;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whom to evict for a pod.
 *
 * <h2>Goals</h2>
 *
 * A pod within its tenant's guarantee gets its slices, at the price of the fewest and the least
 * entitled pods. A guaranteed latency-critical pod is never evicted.
 *
 * <h2>Constraints</h2>
 *
 * Only nodes that kube-scheduler offered count: no other passed its filters. Pods that leave anyway
 * are waited for before anybody is evicted. Every choice ends in a total order.
 *
 * <h2>Algorithm</h2>
 *
 * On each node find the cheapest slices ({@link VictimSet}: no last resorts, borrowing shares
 * before exchanged shares before borrowing whole slices before displaced shares, fewest pods, first
 * to go first), then take the cheapest node.
 */
public final class ReclaimPlanner {

  private final PodRequest request;
  private final List<DisruptionBudget> budgets;
  private final Snapshot snapshot;
  private final Tenant tenant;

  private ReclaimPlanner(PodRequest request, List<DisruptionBudget> budgets, Snapshot snapshot) {
    this.request = request;
    this.budgets = List.copyOf(budgets);
    this.snapshot = snapshot;
    this.tenant = snapshot.tenants().of(request.pod().namespace());
  }

  /**
   * Whom to evict so that a pod fits on one of the nodes offered.
   *
   * @param offered nodes that passed kube-scheduler's own filters
   * @param budgets what may be disrupted now
   */
  public static ReclaimDecision plan(
      PodRequest request,
      Collection<String> offered,
      List<DisruptionBudget> budgets,
      Snapshot snapshot) {
    return new ReclaimPlanner(request, budgets, snapshot).plan(offered);
  }

  private ReclaimDecision plan(Collection<String> offered) {
    if (!request.traits().reclaims()) {
      return refused(Rule.MAY_NOT_RECLAIM, "its preemptionPolicy is Never");
    }
    List<NodeReclaim.Found> found = new ArrayList<>();
    boolean entitled = false;
    for (String name : offered) {
      NodeState node = snapshot.node(name).orElse(null);
      if (node != null && node.serving() && !node.doubtful() && hasProfiles(node)) {
        PodCharge claim = request.chargeOn(node);
        if (QuotaCheck.standing(tenant, claim, snapshot) instanceof Standing.Guaranteed) {
          entitled = true;
          on(node, new Claims(tenant, claim, snapshot, budgets)).ifPresent(found::add);
        }
      }
    }
    if (!entitled) {
      return refused(
          Rule.MAY_NOT_RECLAIM, "it is not within the guarantee of tenant " + tenant.name());
    }
    return found.stream()
        .min(NodeReclaim.Found.ORDER)
        .map(this::plan)
        .orElseGet(() -> refused(Rule.NOTHING_TO_RECLAIM, "nothing may be taken for it"));
  }

  private boolean hasProfiles(NodeState node) {
    return request.needs().totals().keySet().stream()
        .noneMatch(resource -> node.slices(resource.profile()).isEmpty());
  }

  private Optional<NodeReclaim.Found> on(NodeState node, Claims claims) {
    NodeReclaim reclaim = new NodeReclaim(node, claims);
    for (Map.Entry<ResourceName, Integer> need : request.needs().totals().entrySet()) {
      ResourceName resource = need.getKey();
      boolean had =
          resource.shared()
              ? reclaim.shares(resource, request.needs())
              : reclaim.wholes(resource, need.getValue());
      if (!had) {
        return Optional.empty();
      }
    }
    return reclaim.found().filter(this::findRefuge).filter(found -> kubeletAdmits(node, found));
  }

  private boolean findRefuge(NodeReclaim.Found found) {
    return new Refuge(snapshot, found.held()).takes(found.victims().displaced());
  }

  /** The kubelet's count, once the victims and those who leave anyway are gone. */
  private boolean kubeletAdmits(NodeState node, NodeReclaim.Found found) {
    for (Map.Entry<ResourceName, Integer> need : request.needs().totals().entrySet()) {
      ResourceName resource = need.getKey();
      int stay = 0;
      for (PodCharge pod : node.charges()) {
        boolean goes = found.victims().has(pod.pod().uid()) || pod.traits().terminating();
        stay += goes ? 0 : pod.needs().totals().getOrDefault(resource, 0);
      }
      if (stay + need.getValue() > node.allocatable(resource)) {
        return false;
      }
    }
    return true;
  }

  private ReclaimDecision plan(NodeReclaim.Found found) {
    List<Victim> firstToGo = found.victims().victims().stream().sorted(Victim.FIRST_TO_GO).toList();
    return new ReclaimDecision.Plan(found.node().name(), found.held(), firstToGo, found.leaving());
  }

  private ReclaimDecision refused(Rule rule, String why) {
    return new ReclaimDecision.Refused(
        new Reason(rule, why, request.pod() + " may not reclaim: " + why));
  }
}
