package dev.lamella.core.reclaim;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.tenancy.Tenant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Judges what kube-scheduler's own preemption has in mind.
 *
 * <h2>Goals</h2>
 *
 * No pod is preempted in vain: with the victims of a node gone the pod fits there by Lamella's
 * rules too. A latency-critical pod within its tenant's guarantee is nobody's victim.
 *
 * <h2>Constraints</h2>
 *
 * kube-scheduler has left the victims at the fewest that its own filters need, for CPU or memory
 * for instance. One left out here would make the pod fit nowhere, so a node is taken as it stands
 * or not at all. A node without victims is one where the pod fits now, or it is none.
 */
public final class Preemption {

  private final PodRequest request;
  private final Snapshot snapshot;
  private final PlacementPolicy policy;
  private final Tenant tenant;

  private Preemption(PodRequest request, Snapshot snapshot, PlacementPolicy policy) {
    this.request = request;
    this.snapshot = snapshot;
    this.policy = policy;
    this.tenant = snapshot.tenants().of(request.pod().namespace());
  }

  /**
   * Why nodes are of no use.
   *
   * @param victims by node, the UIDs of the pods that would go
   * @return the reason for each node that is none; the others may be taken as they stand
   */
  public static SortedMap<String, Reason> refusals(
      PodRequest request,
      Map<String, ? extends Set<String>> victims,
      Snapshot snapshot,
      PlacementPolicy policy) {
    Preemption preemption = new Preemption(request, snapshot, policy);
    SortedMap<String, Reason> refused = new TreeMap<>();
    victims.forEach(
        (node, uids) -> preemption.refusal(node, uids).ifPresent(why -> refused.put(node, why)));
    return Collections.unmodifiableSortedMap(refused);
  }

  private Optional<Reason> refusal(String name, Set<String> uids) {
    NodeState node = snapshot.node(name).orElse(null);
    if (node != null) {
      for (PodCharge charge : node.charges()) {
        if (uids.contains(charge.pod().uid()) && mustStay(charge, node)) {
          String sentence = "a guaranteed latency-critical pod would have to go";
          return Optional.of(
              new Reason(Rule.VICTIM_GUARANTEED, sentence, sentence + ": " + charge.pod()));
        }
      }
    }
    Verdict verdict = PodPlacer.of(request, snapshot.without(name, uids), policy).place(name);
    return verdict instanceof Verdict.Rejected no ? Optional.of(no.reason()) : Optional.empty();
  }

  /** The tenant's own pods stand as they would with the pod among them, as in reclaim. */
  private boolean mustStay(PodCharge charge, NodeState node) {
    Tenant owner = snapshot.tenants().of(charge.pod().namespace());
    if (!owner.latencyCritical()) {
      return false;
    }
    TenantUsage usage = snapshot.usage(owner);
    Set<String> guaranteed = new HashSet<>();
    (owner.name().equals(tenant.name())
            ? usage.guaranteedWith(request.chargeOn(node))
            : usage.guaranteed())
        .forEach(pod -> guaranteed.add(pod.pod().uid()));
    return guaranteed.contains(charge.pod().uid());
  }
}
