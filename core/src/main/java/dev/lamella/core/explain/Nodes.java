package dev.lamella.core.explain;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reclaim.Takings;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Every node as the placer judges it for one pod, in groups of one reason. */
final class Nodes {

  /** What is said of one node. */
  record Judged(NodeState node, Verdict verdict) {
    boolean fits() {
      return verdict instanceof Verdict.Fits;
    }

    Optional<Reason> reason() {
      return verdict instanceof Verdict.Rejected no ? Optional.of(no.reason()) : Optional.empty();
    }
  }

  private final PodRequest request;
  private final Snapshot snapshot;
  private final Holders holders;
  private final Optional<Set<String>> offered;
  private final List<Judged> judged = new ArrayList<>();

  /**
   * @param offered by kube-scheduler; empty if it has not asked
   */
  Nodes(
      PodRequest request,
      Snapshot snapshot,
      PlacementPolicy policy,
      Holders holders,
      Optional<List<String>> offered) {
    this.request = request;
    this.snapshot = snapshot;
    this.holders = holders;
    this.offered = offered.map(HashSet::new);
    PodPlacer placer = PodPlacer.of(request, snapshot, policy);
    for (NodeState node : snapshot.nodes()) {
      judged.add(new Judged(node, placer.place(node.name())));
    }
  }

  /** By name. */
  List<Judged> all() {
    return judged;
  }

  boolean offered(String node) {
    return offered.map(names -> names.contains(node)).orElse(true);
  }

  /**
   * Nodes of one reason together: those where it fits first, then those with the most offered.
   *
   * @param most how many nodes of each group are shown
   */
  List<NodeGroup> groups(int most) {
    Map<String, List<Judged>> byReason = new TreeMap<>();
    for (Judged node : judged) {
      String key = node.reason().map(r -> r.rule() + " " + r.sentence()).orElse("");
      byReason.computeIfAbsent(key, k -> new ArrayList<>()).add(node);
    }
    return byReason.values().stream()
        .map(nodes -> group(nodes, most))
        .sorted(
            Comparator.comparing(NodeGroup::fits)
                .thenComparing(g -> g.offered() == null ? 0 : g.offered())
                .thenComparing(NodeGroup::nodes)
                .reversed())
        .toList();
  }

  private NodeGroup group(List<Judged> nodes, int most) {
    Optional<Reason> reason = nodes.get(0).reason();
    List<NodeAccount> shown =
        nodes.stream()
            .sorted(Comparator.comparing(node -> !offered(node.node().name())))
            .limit(most)
            .map(this::account)
            .toList();
    int count = (int) nodes.stream().filter(node -> offered(node.node().name())).count();
    return new NodeGroup(
        reason.map(r -> r.rule().name()).orElse(null),
        reason.map(Reason::sentence).orElse(null),
        nodes.size(),
        offered.isPresent() ? count : null,
        shown);
  }

  private NodeAccount account(Judged judgement) {
    NodeState node = judgement.node();
    Optional<Takings> takings =
        judgement.fits() ? Optional.empty() : Takings.of(request, node, snapshot);
    List<SliceAccount> slices = new ArrayList<>();
    Map<String, Integer> others = new TreeMap<>();
    for (SliceState state : node.slices()) {
      List<ResourceName> asked = asked(state.slice().profile());
      asked.forEach(resource -> slices.add(account(node, state, resource, takings)));
      if (asked.isEmpty()) {
        others.merge(state.slice().profile(), 1, Integer::sum);
      }
    }
    return new NodeAccount(
        node.name(),
        offered.isPresent() ? offered(node.name()) : null,
        judgement.reason().map(Reason::account).orElse(null),
        slices,
        others,
        seesAll(node) ? node.contradictions() : List.of());
  }

  private List<ResourceName> asked(String profile) {
    return request.needs().totals().keySet().stream()
        .filter(resource -> resource.profile().equals(profile))
        .toList();
  }

  private SliceAccount account(
      NodeState node, SliceState state, ResourceName resource, Optional<Takings> takings) {
    return new SliceAccount(
        Slices.place(node, state, 0),
        state.mode().text(),
        state.sharesUsed(),
        Slices.free(state, resource),
        Slices.obstacle(state, resource),
        holders.of(node, state, takings));
  }

  /** The ledger's notes name pods. */
  private boolean seesAll(NodeState node) {
    return node.charges().stream().allMatch(charge -> holders.sees(charge.pod()))
        && node.slices().stream()
            .flatMap(slice -> slice.holds().stream())
            .map(SliceHold::pod)
            .allMatch(holders::sees);
  }
}
