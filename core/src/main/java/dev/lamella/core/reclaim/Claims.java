package dev.lamella.core.reclaim;

import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.quota.DominantShare;
import dev.lamella.core.tenancy.Tenant;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who may be evicted for one pod: each rule of reclaim is a method here. */
final class Claims {

  private final Tenant claimant;
  private final PodCharge claim;
  private final Snapshot snapshot;
  private final Map<String, Set<String>> guaranteedByTenant = new HashMap<>();

  /**
   * @param claim what the pod that is to be helped would be charged; it stands within its guarantee
   */
  Claims(Tenant claimant, PodCharge claim, Snapshot snapshot) {
    this.claimant = claimant;
    this.claim = claim;
    this.snapshot = snapshot;
  }

  /** What a pod is as a victim; empty if it may not be evicted for this claim. */
  Optional<Victim> victim(PodCharge pod, SliceHold hold) {
    Tenant owner = snapshot.tenants().of(pod.pod().namespace());
    Optional<Victim.Kind> kind =
        guaranteed(owner, pod.pod()) ? displaceable(owner, hold) : borrowed(owner, pod, hold);
    return kind.map(k -> new Victim(pod, owner, k, excess(owner)));
  }

  /** Why a pod that is no victim is none. */
  Taking spared(PodCharge pod) {
    Tenant owner = snapshot.tenants().of(pod.pod().namespace());
    return guaranteed(owner, pod.pod()) ? Taking.GUARANTEED : Taking.OWN_TENANT;
  }

  /** Rule <b>borrowed</b>: it may be taken, across cohorts; within a tenant only by rank. */
  private Optional<Victim.Kind> borrowed(Tenant owner, PodCharge pod, SliceHold hold) {
    if (owner.name().equals(claimant.name()) && pod.priority() >= claim.priority()) {
      return Optional.empty();
    }
    return Optional.of(hold.whole() ? Victim.Kind.BORROWING_WHOLE : Victim.Kind.BORROWING_SHARE);
  }

  /**
   * Rule <b>displaced shares</b>: a latency-critical pod may displace guaranteed best-effort shares
   * (where they fit elsewhere, which the planner checks). Nobody else's guarantee is touched.
   */
  private Optional<Victim.Kind> displaceable(Tenant owner, SliceHold hold) {
    return claimant.latencyCritical() && !owner.latencyCritical() && !hold.whole()
        ? Optional.of(Victim.Kind.DISPLACED_SHARE)
        : Optional.empty();
  }

  private boolean guaranteed(Tenant owner, PodRef pod) {
    return guaranteedByTenant
        .computeIfAbsent(owner.name(), name -> guaranteedPods(owner))
        .contains(pod.uid());
  }

  /** The claimant's own pods stand as they would with the claim among them. */
  private Set<String> guaranteedPods(Tenant owner) {
    TenantUsage usage = snapshot.usage(owner);
    Set<String> uids = new HashSet<>();
    (owner.name().equals(claimant.name()) ? usage.guaranteedWith(claim) : usage.guaranteed())
        .forEach(pod -> uids.add(pod.pod().uid()));
    return uids;
  }

  private BigInteger excess(Tenant tenant) {
    return DominantShare.excess(snapshot.usage(tenant), snapshot.capacity());
  }
}
