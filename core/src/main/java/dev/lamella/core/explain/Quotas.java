package dev.lamella.core.explain;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.quota.QuotaCheck;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.tenancy.Tenant;
import java.util.Optional;

/** How a pod stands with its tenant's quota, for people. */
final class Quotas {

  private final Snapshot snapshot;

  Quotas(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /**
   * @param boundTo the node that the pod is bound to, if any
   */
  QuotaAccount of(Tenant tenant, PodRequest request, Optional<String> boundTo) {
    TenantUsage usage = snapshot.usage(tenant);
    String uid = request.pod().uid();
    Optional<PodCharge> counted =
        usage.ranked().stream().filter(charge -> charge.pod().uid().equals(uid)).findFirst();
    Optional<PodCharge> charge =
        counted.or(() -> boundTo.isPresent() ? Optional.empty() : wouldBe(request));
    Optional<Standing> standing = charge.map(c -> standing(tenant, c, usage, counted.isPresent()));
    Optional<Standing.Refused> refused =
        standing.filter(Standing.Refused.class::isInstance).map(Standing.Refused.class::cast);
    return new QuotaAccount(
        standing.map(s -> s.getClass().getSimpleName()).orElse(null),
        refused.map(r -> r.reason().rule().name()).orElse(null),
        refused.map(r -> r.reason().account()).orElse(null),
        Amounts.of(charge.map(PodCharge::amount).orElse(Amount.ZERO)),
        counted.isPresent(),
        Amounts.of(usage.used()),
        Amounts.of(usage.guaranteedUsed()),
        tenant.quota().guaranteed().map(Cap::floor).map(Amounts::of).orElse(null),
        Amounts.of(tenant.quota().limit()),
        usage.ranked().size());
  }

  private Standing standing(Tenant tenant, PodCharge charge, TenantUsage usage, boolean counted) {
    if (!counted) {
      return QuotaCheck.standing(tenant, charge, snapshot);
    }
    return usage.guaranteed().contains(charge)
        ? new Standing.Guaranteed()
        : new Standing.Borrowing();
  }

  /** Nodes of one kind charge the same; the first that has all profiles speaks for them. */
  private Optional<PodCharge> wouldBe(PodRequest request) {
    for (NodeState node : snapshot.nodes()) {
      boolean has =
          request.needs().totals().keySet().stream()
              .noneMatch(resource -> node.slices(resource.profile()).isEmpty());
      if (has) {
        return Optional.of(request.chargeOn(node));
      }
    }
    return Optional.empty();
  }
}
