package dev.lamella.extender.decide;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.quota.BorrowOrder;
import dev.lamella.core.quota.QuotaCheck;
import dev.lamella.core.quota.RefusedBorrower;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Tenant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers which borrowers were refused lately and which were held back for them: the newest
 * refusal of each tenant and resource, which keeps it small.
 */
final class Borrowers {

  private static final int MOST_HELD = 10_000;

  private record Key(String tenant, ResourceName resource) {}

  private record Refusal(String uid, RefusedBorrower borrower) {}

  private final Map<Key, Refusal> refused = new LinkedHashMap<>();
  private final Map<String, Long> heldSince = new LinkedHashMap<>();

  /** A pod was refused on all of these nodes. It counts if nothing but a lack of slices was why. */
  synchronized void refused(PodRequest pod, List<String> offered, Snapshot snapshot) {
    settled(pod.pod().uid());
    Tenant tenant = snapshot.tenants().of(pod.pod().namespace());
    if (!borrows(pod, tenant, offered, snapshot)) {
      return;
    }
    Set<String> nodes = new HashSet<>(offered);
    for (ResourceName resource : pod.needs().totals().keySet()) {
      refused.put(
          new Key(tenant.name(), resource),
          new Refusal(
              pod.pod().uid(), new RefusedBorrower(tenant.name(), resource, nodes, pod.now())));
    }
  }

  private static boolean borrows(
      PodRequest pod, Tenant tenant, List<String> offered, Snapshot snapshot) {
    for (String name : offered) {
      NodeState node = snapshot.node(name).orElse(null);
      if (node != null
          && pod.needs().totals().keySet().stream()
              .noneMatch(resource -> node.slices(resource.profile()).isEmpty())) {
        Standing standing = QuotaCheck.standing(tenant, pod.chargeOn(node), snapshot);
        return standing instanceof Standing.Borrowing
            || standing instanceof Standing.Refused no
                && no.reason().rule() == Rule.NOTHING_TO_BORROW;
      }
    }
    return false;
  }

  /** A pod was given its slices, or is gone: nobody yields to it any more. */
  synchronized void settled(String uid) {
    refused.values().removeIf(refusal -> refusal.uid().equals(uid));
  }

  /** Why a pod that would borrow on these nodes lets another go first; empty if it need not. */
  synchronized Optional<Reason> yields(PodRequest pod, Set<String> nodes, Snapshot snapshot) {
    if (refused.isEmpty()) {
      return Optional.empty();
    }
    String uid = pod.pod().uid();
    Optional<Reason> yields =
        BorrowOrder.yields(
            snapshot.tenants().of(pod.pod().namespace()),
            pod.needs().totals().keySet(),
            nodes,
            refused.values().stream().map(Refusal::borrower).toList(),
            snapshot,
            heldSince.getOrDefault(uid, pod.now()),
            pod.now());
    if (yields.isPresent()) {
      heldSince.putIfAbsent(uid, pod.now());
      if (heldSince.size() > MOST_HELD) {
        heldSince.remove(heldSince.keySet().iterator().next());
      }
    }
    return yields;
  }
}
