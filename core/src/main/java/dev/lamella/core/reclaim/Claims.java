package dev.lamella.core.reclaim;

import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.quota.DominantShare;
import dev.lamella.core.tenancy.Tenant;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may be evicted for one pod: each rule of reclaim is a method here. */
final class Claims {

  private final Tenant claimant;
  private final PodCharge claim;
  private final Snapshot snapshot;
  private final List<DisruptionBudget> budgets;
  private final Map<String, Set<String>> guaranteedByTenant = new HashMap<>();

  /**
   * @param claim what the pod that is to be helped would be charged; it stands within its guarantee
   */
  Claims(Tenant claimant, PodCharge claim, Snapshot snapshot, List<DisruptionBudget> budgets) {
    this.claimant = claimant;
    this.claim = claim;
    this.snapshot = snapshot;
    this.budgets = budgets;
  }

  /** What a pod is as a victim; empty if it may not be evicted for this claim. */
  Optional<Victim> victim(PodCharge pod, SliceHold hold) {
    Tenant owner = snapshot.tenants().of(pod.pod().namespace());
    Optional<Victim.Kind> kind =
        guaranteed(owner, pod.pod()) ? replaceable(owner, hold) : borrowed(owner, pod, hold);
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
   * Guaranteed best-effort shares of others may go if their tenant loses nothing by it, which only
   * {@link #together} can tell.
   */
  private Optional<Victim.Kind> replaceable(Tenant owner, SliceHold hold) {
    boolean others = !owner.name().equals(claimant.name());
    return others && !owner.latencyCritical() && !hold.whole()
        ? Optional.of(Victim.Kind.EXCHANGED_SHARE)
        : Optional.empty();
  }

  /**
   * These victims together; empty if they may not all go.
   *
   * <p>Rule <b>exchanged shares</b>: a tenant's shares are of one kind, so what it borrows may be
   * taken from any of them, as long as as much as before stays within its guarantee. Otherwise a
   * slice would be kept for ever by one guaranteed share among borrowing ones.
   *
   * <p>Rule <b>displaced shares</b>: a latency-critical pod may displace guaranteed best-effort
   * shares besides (where they fit elsewhere, which the planner checks). Nobody else's guarantee is
   * touched.
   */
  Optional<VictimSet> together(Collection<Victim> victims) {
    Set<String> uids = victims.stream().map(Victim::uid).collect(Collectors.toSet());
    List<Victim> settled = new ArrayList<>();
    for (Victim victim : victims) {
      boolean inDoubt = victim.kind() == Victim.Kind.EXCHANGED_SHARE;
      if (!inDoubt || snapshot.usage(victim.tenant()).keepsGuaranteeWithout(uids)) {
        settled.add(victim);
      } else if (claimant.latencyCritical()) {
        settled.add(victim.as(Victim.Kind.DISPLACED_SHARE));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(VictimSet.of(settled, budgets));
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
