package dev.lamella.core.ledger;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts a node together from its kubelet's word, its daemon's report and the pods bound to it. */
final class NodeStateBuilder {

  private final String name;
  private final NodeFact node;
  private final NodeReport report;
  private final List<PodEntry> pods;
  private final List<String> contradictions = new ArrayList<>();

  /**
   * @param node null if the node is not known
   * @param pods every entry on the node, those that ended included
   */
  NodeStateBuilder(String name, NodeFact node, NodeReport report, Collection<PodEntry> pods) {
    this.name = name;
    this.node = node;
    this.report = report;
    this.pods =
        pods.stream()
            .sorted(Comparator.comparing((PodEntry pod) -> pod.effective().ref().uid()))
            .toList();
  }

  NodeState build() {
    List<SliceState> bare = report.slices();
    contradictions.addAll(report.contradictions());
    Holds holds = new Holds(bare);
    for (PodEntry pod : pods) {
      if (pod.active()) {
        contradictions.addAll(holds.addActive(pod.effective()));
      } else if (!report.letGo(pod)) {
        contradictions.addAll(pod.ended() ? holds.residue(pod) : holds.add(pod.effective()));
      }
    }
    holds.keepTraded();
    addUnknownHolders(holds);
    List<SliceState> slices = bare.stream().map(holds::on).toList();
    return new NodeState(
        name,
        report.present(),
        report.serving(),
        node == null ? Map.of() : node.allocatable(),
        requested(),
        slices,
        report.kinds(),
        charges(slices),
        contradictions);
  }

  /** A holder that the report names and the watch does not know, such as a pod just deleted. */
  private void addUnknownHolders(Holds holds) {
    Set<String> known = new HashSet<>();
    pods.forEach(pod -> known.add(pod.effective().ref().uid()));
    for (NodeReport.Named holder : report.holders()) {
      if (holder.nameless() || !known.contains(holder.hold().pod().uid())) {
        holds.put(holder.slice(), holder.hold());
      }
    }
  }

  private Map<ResourceName, Integer> requested() {
    Map<ResourceName, Integer> sum = new TreeMap<>();
    pods.stream()
        .filter(PodEntry::active)
        .flatMap(pod -> pod.effective().needs().totals().entrySet().stream())
        .forEach(need -> sum.merge(need.getKey(), need.getValue(), Integer::sum));
    return sum;
  }

  private List<PodCharge> charges(List<SliceState> slices) {
    return pods.stream()
        .filter(PodEntry::active)
        .map(PodEntry::effective)
        .map(
            pod ->
                NodeState.charge(
                    slices, pod.ref(), pod.priority(), pod.boundAt(), pod.needs(), pod.traits()))
        .toList();
  }

  /** Gathers holds; what a pod holds is what the report shows of it, once that is complete. */
  private final class Holds {

    private final Map<String, SliceState> bare = new TreeMap<>();
    private final Map<String, Map<String, SliceHold>> bySlice = new TreeMap<>();
    private final Map<String, Mode> residues = new TreeMap<>();
    private final Set<String> doubtful = new TreeSet<>();
    private final TradedPlaces traded = new TradedPlaces(bare);

    Holds(List<SliceState> slices) {
      slices.forEach(state -> bare.put(state.slice().uuid(), state));
    }

    List<String> addActive(PodFact pod) {
      PodHoldings holdings = PodHoldings.of(pod, bare, report);
      traded.add(pod, holdings);
      return add(pod, holdings);
    }

    List<String> add(PodFact pod) {
      return add(pod, PodHoldings.of(pod, bare, report));
    }

    private List<String> add(PodFact pod, PodHoldings holdings) {
      holdings.bySlice().forEach((slice, shares) -> put(slice, new SliceHold(pod.ref(), shares)));
      return holdings.contradictions();
    }

    /** What a pod was assigned and has left to another counts as its own until then. */
    void keepTraded() {
      traded.forEach(
          (pod, entry) ->
              entry
                  .slices()
                  .forEach(slice -> put(slice, new SliceHold(pod.ref(), entry.shares()))));
    }

    List<String> residue(PodEntry pod) {
      PodHoldings holdings = PodHoldings.of(pod.fact(), bare, report);
      Map<String, Integer> bySlice = holdings.bySlice();
      if (pod.refused()) {
        doubtful.addAll(bySlice.keySet());
      }
      bySlice.forEach(
          (slice, shares) -> residues.put(slice, shares == 0 ? Mode.WHOLE : Mode.SHARED));
      return holdings.contradictions();
    }

    void put(String slice, SliceHold hold) {
      bySlice.computeIfAbsent(slice, uuid -> new TreeMap<>()).put(hold.pod().uid(), hold);
    }

    SliceState on(SliceState state) {
      String uuid = state.slice().uuid();
      List<SliceHold> holds = List.copyOf(bySlice.getOrDefault(uuid, Map.of()).values());
      Mode residue = residues.getOrDefault(uuid, Mode.FREE);
      return state.with(holds, residue, doubtful.contains(uuid));
    }
  }
}
