package dev.lamella.core.placement;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
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

/**
 * Decides which slices of a node a pod would get.
 *
 * <h2>Goals</h2>
 *
 * Shares fill the fullest shared slice and open a new one only if none has room; whole slices are
 * taken where the least is left free, so that whole GPUs stay free. All shares of one container lie
 * on one slice where that is possible.
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

  private PodPlacer() {}

  /** What a pod would get on a node, or why nothing. */
  public static Verdict place(PodRequest request, String nodeName, Snapshot snapshot) {
    Optional<NodeState> found = snapshot.node(nodeName);
    if (found.isEmpty() || !found.get().known()) {
      return rejected(Rule.NODE_UNREPORTED, "node has no GPUs that Lamella manages", "");
    }
    NodeState node = found.get();
    if (!node.serving()) {
      return rejected(Rule.NODE_NOT_SERVING, "node's GPU daemon is not serving", "");
    }
    Optional<Reason> absent = profiles(request, node);
    if (absent.isPresent()) {
      return new Verdict.Rejected(absent.get());
    }
    Tenant tenant = snapshot.tenants().of(request.pod().namespace());
    PodCharge charge =
        node.charge(request.pod(), request.priority(), request.now(), request.needs());
    Standing standing = QuotaCheck.standing(tenant, charge, snapshot);
    if (standing instanceof Standing.Refused refused && !lacksCapacity(refused)) {
      return new Verdict.Rejected(refused.reason());
    }
    Verdict verdict = slices(request, node, standing);
    if (verdict instanceof Verdict.Fits && standing instanceof Standing.Refused refused) {
      return new Verdict.Rejected(refused.reason());
    }
    return verdict instanceof Verdict.Fits
        ? kubelet(request, node).<Verdict>map(Verdict.Rejected::new).orElse(verdict)
        : verdict;
  }

  /** Then a node without a free slice says just that, which is easier to act on. */
  private static boolean lacksCapacity(Standing.Refused refused) {
    return refused.reason().rule() == Rule.NOTHING_TO_BORROW;
  }

  private static Optional<Reason> profiles(PodRequest request, NodeState node) {
    return request.needs().totals().keySet().stream()
        .filter(resource -> node.slices(resource.profile()).isEmpty())
        .findFirst()
        .map(
            resource ->
                reason(Rule.PROFILE_ABSENT, "no " + resource.profile() + " slice on the node", ""));
  }

  /** The kubelet counts again on admission, with the allocatable that it knows. */
  private static Optional<Reason> kubelet(PodRequest request, NodeState node) {
    for (Map.Entry<ResourceName, Integer> need : request.needs().totals().entrySet()) {
      ResourceName resource = need.getKey();
      if (need.getValue() > node.admissible(resource)) {
        return Optional.of(
            reason(
                Rule.KUBELET_FULL,
                "the kubelet would admit no more " + resource,
                "%d allocatable, %d requested, %d more asked for"
                    .formatted(
                        node.allocatable().getOrDefault(resource, 0),
                        node.requested().getOrDefault(resource, 0),
                        need.getValue())));
      }
    }
    return Optional.empty();
  }

  private static Verdict slices(PodRequest request, NodeState node, Standing standing) {
    NodeSlices slices = new NodeSlices(node);
    List<Held> held = new ArrayList<>();
    for (Map.Entry<ResourceName, Integer> need : request.needs().totals().entrySet()) {
      ResourceName resource = need.getKey();
      boolean placed =
          resource.shared()
              ? shares(resource, request.needs().groups(resource), slices, held)
              : wholes(resource, need.getValue(), slices, held);
      if (!placed) {
        return new Verdict.Rejected(none(resource, need.getValue(), node));
      }
    }
    return new Verdict.Fits(held, standing, slices.fit());
  }

  private static boolean wholes(
      ResourceName resource, int count, NodeSlices slices, List<Held> held) {
    List<String> uuids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Optional<SliceState> next = slices.nextWhole(resource.profile());
      if (next.isEmpty()) {
        return false;
      }
      slices.takeWhole(next.get());
      uuids.add(next.get().slice().uuid());
    }
    held.add(Held.whole(resource, uuids));
    return true;
  }

  private static boolean shares(
      ResourceName resource, List<Integer> groups, NodeSlices slices, List<Held> held) {
    Map<String, Integer> bySlice = new LinkedHashMap<>();
    for (int group : groups.stream().sorted(Comparator.reverseOrder()).toList()) {
      int left = group;
      while (left > 0) {
        int wanted = left;
        Optional<SliceState> next =
            slices
                .nextShared(resource.profile(), wanted)
                .or(() -> slices.nextShared(resource.profile(), 1));
        if (next.isEmpty()) {
          return false;
        }
        int taken = Math.min(wanted, slices.freeShares(next.get()));
        slices.takeShares(next.get(), taken);
        bySlice.merge(next.get().slice().uuid(), taken, Integer::sum);
        left -= taken;
      }
    }
    bySlice.forEach((uuid, taken) -> held.add(Held.shares(resource, uuid, taken)));
    return true;
  }

  private static Reason none(ResourceName resource, int asked, NodeState node) {
    List<SliceState> slices = node.slices(resource.profile());
    boolean awaits = slices.stream().anyMatch(SliceState::awaitsReport);
    String account =
        "%d asked for; %d slices: %d can be given whole, %d shares are free, %d wait for the report"
            .formatted(
                asked,
                slices.size(),
                slices.stream().filter(SliceState::freeWhole).count(),
                slices.stream().mapToInt(SliceState::freeShares).sum(),
                slices.stream().filter(SliceState::awaitsReport).count());
    if (awaits) {
      return reason(
          Rule.AWAITS_REPORT, "a " + resource.profile() + " slice is about to be free", account);
    }
    return resource.shared()
        ? reason(Rule.NO_FREE_SHARE, "no free share of a " + resource.profile() + " slice", account)
        : reason(Rule.NO_FREE_SLICE, "no free " + resource.profile() + " slice", account);
  }

  private static Verdict rejected(Rule rule, String sentence, String account) {
    return new Verdict.Rejected(reason(rule, sentence, account));
  }

  private static Reason reason(Rule rule, String sentence, String numbers) {
    return new Reason(rule, sentence, numbers.isEmpty() ? sentence : sentence + ": " + numbers);
  }
}
