package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.Fit;
import dev.lamella.core.placement.NodeScores;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.quota.BorrowOrder;
import dev.lamella.core.quota.QuotaCheck;
import dev.lamella.core.quota.RefusedBorrower;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One scheduling attempt, as kube-scheduler and the extender make it: filter, score, choose. */
final class Scheduling {

  /** What an attempt comes to. */
  sealed interface Outcome {

    /** It goes there. */
    record Place(String node, List<Held> held) implements Outcome {}

    /** It would fit, but lets another borrower go first. */
    record Yields() implements Outcome {}

    /** It fits nowhere. */
    record Refused(boolean guaranteed) implements Outcome {}
  }

  private final Policy policy;
  private final Scene scene;

  /** The newest refusal of a borrower, by tenant and resource. */
  private final Map<String, RefusedBorrower> refused = new LinkedHashMap<>();

  Scheduling(Policy policy, Scene scene) {
    this.policy = policy;
    this.scene = scene;
  }

  /** The nodes that kube-scheduler would offer. */
  List<String> offered(SimPod pod) {
    return policy == Policy.STATIC_PARTITION
        ? scene.ownNodes(pod.ref.namespace())
        : scene.nodeNames();
  }

  Outcome attempt(SimPod pod, World world, long now) {
    Snapshot snapshot = world.snapshot();
    PodRequest request = PodRequest.of(world.fact(pod), now);
    PodPlacer placer = PodPlacer.of(request, snapshot, PlacementPolicy.PACK);
    Map<String, Verdict.Fits> fits = new LinkedHashMap<>();
    for (String node : offered(pod)) {
      if (placer.place(node) instanceof Verdict.Fits yes) {
        fits.put(node, yes);
      }
    }
    if (fits.isEmpty()) {
      boolean guaranteed = guaranteed(request, snapshot);
      if (!guaranteed) {
        remember(pod, now);
      }
      return new Outcome.Refused(guaranteed);
    }
    List<Fit> scored = new ArrayList<>();
    fits.values().forEach(fit -> scored.add(fit.fit()));
    String best = NodeScores.of(scored, PlacementPolicy.PACK).keySet().iterator().next();
    boolean borrows = fits.get(best).standing() instanceof Standing.Borrowing;
    return borrows && yields(pod, fits.keySet(), snapshot, now)
        ? new Outcome.Yields()
        : new Outcome.Place(best, fits.get(best).held());
  }

  private void remember(SimPod pod, long now) {
    for (ResourceName resource : pod.needs.totals().keySet()) {
      String tenant = pod.ref.namespace();
      refused.put(
          tenant + " " + resource,
          new RefusedBorrower(tenant, resource, new HashSet<>(offered(pod)), now));
    }
  }

  private boolean yields(SimPod pod, Set<String> nodes, Snapshot snapshot, long now) {
    return BorrowOrder.yields(
            snapshot.tenants().of(pod.ref.namespace()),
            pod.needs.totals().keySet(),
            nodes,
            refused.values(),
            snapshot,
            pod.heldBackSince(now),
            now)
        .isPresent();
  }

  /** Whether a pod would stand within its tenant's guarantee if it got what it asks for. */
  static boolean guaranteed(PodRequest request, Snapshot snapshot) {
    Set<ResourceName> resources = request.needs().totals().keySet();
    for (NodeState node : snapshot.nodes()) {
      if (resources.stream().noneMatch(r -> node.slices(r.profile()).isEmpty())) {
        PodCharge charge = request.chargeOn(node);
        return QuotaCheck.standing(
                snapshot.tenants().of(request.pod().namespace()), charge, snapshot)
            instanceof Standing.Guaranteed;
      }
    }
    return false;
  }
}
