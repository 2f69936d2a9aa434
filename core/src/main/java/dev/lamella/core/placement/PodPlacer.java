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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private static final Optional<Reason> UNREPORTED =
      always(Rule.NODE_UNREPORTED, "node has no GPUs that Lamella manages");
  private static final Optional<Reason> NOT_SERVING =
      always(Rule.NODE_NOT_SERVING, "node's GPU daemon is not serving");
  private static final Optional<Reason> DOUBTFUL =
      always(Rule.AWAITS_REPORT, "node has just refused a pod, its report is awaited");

  private final PodRequest request;
  private final Snapshot snapshot;
  private final PlacementPolicy policy;
  private final StartsLost startsLost;
  private final Tenant tenant;

  /** Nodes of one kind charge the same, so that the tenant's standing is mostly worked out once. */
  private final List<KnownStanding> standings = new ArrayList<>();

  private final List<Asked> asked;

  /** Whether no two resources that are asked for compete for the same slices. */
  private final boolean separate;

  private final Optional<Reservation> reservation;

  private record KnownStanding(NodeState kind, Standing standing) {}

  private PodPlacer(PodRequest request, Snapshot snapshot, PlacementPolicy policy) {
    this.request = request;
    this.snapshot = snapshot;
    this.policy = policy;
    this.startsLost = new StartsLost(snapshot.mix());
    this.tenant = snapshot.tenants().of(request.pod().namespace());
    this.reservation = snapshot.reservation(request.pod().uid());
    this.asked =
        request.needs().totals().keySet().stream()
            .map(resource -> new Asked(resource, request.needs()))
            .toList();
    this.separate =
        asked.size() == asked.stream().map(each -> each.resource().profile()).distinct().count();
  }

  /** A placer for one pod, to be asked about many nodes; for use by one thread. */
  public static PodPlacer of(PodRequest request, Snapshot snapshot, PlacementPolicy policy) {
    return new PodPlacer(request, snapshot, policy);
  }

  /** What the pod would get on a node, or why nothing. */
  public Verdict place(String nodeName) {
    NodeState node = snapshot.node(nodeName).orElse(null);
    Optional<Reason> closed = closed(node);
    if (closed.isPresent()) {
      return new Verdict.Rejected(closed.get());
    }
    return reservation.isPresent()
        ? ReservedSlices.verdict(request.pod(), reservation.get(), node)
        : place(node);
  }

  /**
   * How the pod would stand on a node, or why it cannot be there: what {@link #place} says without
   * the slices, in most cases from counts alone.
   */
  public Standing standing(String nodeName) {
    if (separate && reservation.isEmpty()) {
      NodeState node = snapshot.node(nodeName).orElse(null);
      return closed(node).<Standing>map(Standing.Refused::new).orElseGet(() -> counted(node));
    }
    Verdict verdict = place(nodeName);
    return verdict instanceof Verdict.Fits fits
        ? fits.standing()
        : new Standing.Refused(((Verdict.Rejected) verdict).reason());
  }

  /** Why a node takes no pod like this one at all. */
  private Optional<Reason> closed(NodeState node) {
    if (node == null || !node.known()) {
      return UNREPORTED;
    }
    if (!node.serving()) {
      return NOT_SERVING;
    }
    if (node.doubtful()) {
      return DOUBTFUL;
    }
    if (reservation.isEmpty()) {
      for (Asked each : asked) {
        if (each.on(node).absent()) {
          return Optional.of(each.absent());
        }
      }
    }
    return Optional.empty();
  }

  private Standing counted(NodeState node) {
    Standing standing = standing(node);
    if (standing instanceof Standing.Refused refused && !lacksCapacity(refused)) {
      return refused;
    }
    for (Asked each : asked) {
      if (!each.given(each.on(node))) {
        return new Standing.Refused(each.none(node));
      }
    }
    return standing instanceof Standing.Refused
        ? standing
        : kubelet(node).<Standing>map(Standing.Refused::new).orElse(standing);
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

  /** The kubelet counts again on admission. */
  private Optional<Reason> kubelet(NodeState node) {
    for (Asked each : asked) {
      if (!each.admitted(node)) {
        return Optional.of(each.full(node));
      }
    }
    return Optional.empty();
  }

  private Verdict slices(NodeState node, Standing standing) {
    NodeSlices slices = new NodeSlices(node, policy, startsLost);
    List<Held> held = new ArrayList<>();
    for (Asked each : asked) {
      boolean placed =
          each.resource().shared()
              ? shares(each, slices, held)
              : wholes(each.resource(), each.count(), slices, held);
      if (!placed) {
        return new Verdict.Rejected(each.none(node));
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

  private static boolean shares(Asked each, NodeSlices slices, List<Held> held) {
    ResourceName resource = each.resource();
    Map<String, Integer> bySlice = new LinkedHashMap<>();
    for (int group : each.groups()) {
      for (int left = group; left > 0; ) {
        SliceState next = slices.nextShared(resource.profile(), left, each.apart());
        if (next == null) {
          next = slices.nextShared(resource.profile(), 1, each.apart());
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

  private static Optional<Reason> always(Rule rule, String sentence) {
    return Optional.of(new Reason(rule, sentence, sentence));
  }
}
