package dev.lamella.core.placement;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.quota.QuotaCheck;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides which slices of a node a pod would get.
 *
 * <h2>Goals</h2>
 *
 * The best slices by the policy; the default fills what is open before it opens anything. All
 * shares of one container lie on one slice, all slices of a pod on one GPU or NUMA node, where that
 * is possible.
 *
 * <h2>Constraints</h2>
 *
 * A slice is held whole or shared, never both. A node is feasible only if its daemon serves and its
 * kubelet would admit the pod. Every choice ends in a total order.
 *
 * <h2>Algorithm</h2>
 *
 * The node's own word first, then the tenant's quota, then the slices one by one, best first; last
 * the kubelet's count, which it repeats on admission.
 */
public final class PodPlacer {

  private final PodRequest request;
  private final Snapshot snapshot;
  private final PlacementPolicy policy;
  private final StartsLost startsLost;
  private final Tenant tenant;

  /** Nodes of one kind charge the same, so that the tenant's standing is mostly worked out once. */
  private final List<KnownStanding> standings = new ArrayList<>();

  /** Shares that should each lie on one slice, the largest group first. */
  private final Map<ResourceName, List<Integer>> groups = new TreeMap<>();

  private record KnownStanding(NodeState kind, Standing standing) {}

  private PodPlacer(PodRequest request, Snapshot snapshot, PlacementPolicy policy) {
    this.request = request;
    this.snapshot = snapshot;
    this.policy = policy;
    this.startsLost = new StartsLost(snapshot.mix());
    this.tenant = snapshot.tenants().of(request.pod().namespace());
    for (ResourceName resource : request.needs().totals().keySet()) {
      List<Integer> largestFirst = new ArrayList<>(request.needs().groups(resource));
      largestFirst.sort(Comparator.reverseOrder());
      groups.put(resource, largestFirst);
    }
  }

  /** A placer for one pod, to be asked about many nodes; for use by one thread. */
  public static PodPlacer of(PodRequest request, Snapshot snapshot, PlacementPolicy policy) {
    return new PodPlacer(request, snapshot, policy);
  }

  /** What the pod would get on a node, or why nothing. */
  public Verdict place(String nodeName) {
    NodeState node = snapshot.node(nodeName).orElse(null);
    if (node == null || !node.known()) {
      return rejected(Rule.NODE_UNREPORTED, "node has no GPUs that Lamella manages");
    }
    if (!node.serving()) {
      return rejected(Rule.NODE_NOT_SERVING, "node's GPU daemon is not serving");
    }
    Optional<Reservation> reservation = snapshot.reservation(request.pod().uid());
    if (reservation.isPresent()) {
      return ReservedSlices.verdict(request.pod(), reservation.get(), node);
    }
    for (ResourceName resource : request.needs().totals().keySet()) {
      if (node.slices(resource.profile()).isEmpty()) {
        return rejected(Rule.PROFILE_ABSENT, "no " + resource.profile() + " slice on the node");
      }
    }
    return place(node);
  }

  private Verdict place(NodeState node) {
    Standing standing = standing(node);
    if (standing instanceof Standing.Refused refused && !lacksCapacity(refused)) {
      return new Verdict.Rejected(refused.reason());
    }
    Verdict verdict = slices(node, standing);
    if (verdict instanceof Verdict.Rejected) {
      return verdict;
    }
    if (standing instanceof Standing.Refused refused) {
      return new Verdict.Rejected(refused.reason());
    }
    return kubelet(node).<Verdict>map(Verdict.Rejected::new).orElse(verdict);
  }

  private Standing standing(NodeState node) {
    for (KnownStanding known : standings) {
      if (node.chargesAs(known.kind(), request.needs())) {
        return known.standing();
      }
    }
    Standing standing = QuotaCheck.standing(tenant, request.chargeOn(node), snapshot);
    standings.add(new KnownStanding(node, standing));
    return standing;
  }

  /** Then a node without a free slice says just that, which is easier to act on. */
  private static boolean lacksCapacity(Standing.Refused refused) {
    return refused.reason().rule() == Rule.NOTHING_TO_BORROW;
  }

  /** The kubelet counts again on admission, with the allocatable that it knows. */
  private Optional<Reason> kubelet(NodeState node) {
    for (Map.Entry<ResourceName, Integer> need : request.needs().totals().entrySet()) {
      ResourceName resource = need.getKey();
      int allocatable = node.allocatable(resource);
      int requested = node.requested(resource);
      if (requested + need.getValue() > allocatable) {
        String sentence = "the kubelet would admit no more " + resource;
        return Optional.of(
            new Reason(
                Rule.KUBELET_FULL,
                sentence,
                () ->
                    "%s: %d allocatable, %d requested, %d more asked for"
                        .formatted(sentence, allocatable, requested, need.getValue())));
      }
    }
    return Optional.empty();
  }

  private Verdict slices(NodeState node, Standing standing) {
    NodeSlices slices = new NodeSlices(node, policy, startsLost);
    List<Held> held = new ArrayList<>();
    for (Map.Entry<ResourceName, Integer> need : request.needs().totals().entrySet()) {
      ResourceName resource = need.getKey();
      boolean placed =
          resource.shared()
              ? shares(resource, groups.get(resource), slices, held)
              : wholes(resource, need.getValue(), slices, held);
      if (!placed) {
        return new Verdict.Rejected(NoSlice.reason(resource, need.getValue(), node));
      }
    }
    return new Verdict.Fits(held, standing, slices.fit());
  }

  private static boolean wholes(
      ResourceName resource, int count, NodeSlices slices, List<Held> held) {
    List<String> uuids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SliceState next = slices.nextWhole(resource.profile());
      if (next == null) {
        return false;
      }
      slices.takeWhole(next);
      uuids.add(next.slice().uuid());
    }
    held.add(Held.whole(resource, uuids));
    return true;
  }

  private boolean shares(
      ResourceName resource, List<Integer> groups, NodeSlices slices, List<Held> held) {
    boolean apart = request.needs().apart(resource);
    Map<String, Integer> bySlice = new LinkedHashMap<>();
    for (int group : groups) {
      for (int left = group; left > 0; ) {
        SliceState next = slices.nextShared(resource.profile(), left, apart);
        if (next == null) {
          next = slices.nextShared(resource.profile(), 1, apart);
        }
        if (next == null) {
          return false;
        }
        int taken = Math.min(left, slices.freeShares(next));
        slices.takeShares(next, taken);
        bySlice.merge(next.slice().uuid(), taken, Integer::sum);
        left -= taken;
      }
    }
    bySlice.forEach((uuid, taken) -> held.add(Held.shares(resource, uuid, taken)));
    return true;
  }

  private static Verdict rejected(Rule rule, String sentence) {
    return new Verdict.Rejected(new Reason(rule, sentence, sentence));
  }
}
