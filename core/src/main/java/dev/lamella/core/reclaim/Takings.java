package dev.lamella.core.reclaim;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.quota.QuotaCheck;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.tenancy.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each holder on a node is to a pod that may reclaim: the planner's rules, one by one. */
public final class Takings {

  private final Claims claims;

  /** Whether guaranteed shares may be moved for the pod. */
  private final boolean displaces;

  private final Map<String, PodCharge> charges = new HashMap<>();

  private Takings(Claims claims, boolean displaces, NodeState node) {
    this.displaces = displaces;
    this.claims = claims;
    node.charges().forEach(charge -> charges.put(charge.pod().uid(), charge));
  }

  /** Empty if the pod may take nothing on this node from anybody. */
  public static Optional<Takings> of(PodRequest request, NodeState node, Snapshot snapshot) {
    Tenant tenant = snapshot.tenants().of(request.pod().namespace());
    PodCharge claim = request.chargeOn(node);
    boolean entitled =
        request.traits().reclaims()
            && QuotaCheck.standing(tenant, claim, snapshot) instanceof Standing.Guaranteed;
    return entitled
        ? Optional.of(
            new Takings(
                new Claims(tenant, claim, snapshot, List.of()), tenant.latencyCritical(), node))
        : Optional.empty();
  }

  /** What a holder is. */
  public Taking of(SliceHold hold) {
    PodCharge charge = charges.get(hold.pod().uid());
    if (charge == null || charge.traits().terminating()) {
      return Taking.LEAVING;
    }
    return claims
        .victim(charge, hold)
        .map(victim -> taking(victim.kind()))
        .orElseGet(() -> claims.spared(charge));
  }

  private Taking taking(Victim.Kind kind) {
    return switch (kind) {
      case BORROWING_SHARE -> Taking.BORROWING_SHARE;
      case BORROWING_WHOLE -> Taking.BORROWING_WHOLE;
      case EXCHANGED_SHARE, DISPLACED_SHARE ->
          displaces ? Taking.DISPLACED_SHARE : Taking.EXCHANGED_SHARE;
    };
  }
}
