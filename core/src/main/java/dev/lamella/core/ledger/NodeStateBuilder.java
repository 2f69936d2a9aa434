package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.geometry.Placement;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts a node together from its kubelet's word, its daemon's report and the pods bound to it. */
final class NodeStateBuilder {

  private final String name;
  private final NodeFact node;
  private final GpuNodeFact gpuNode;
  private final List<PodEntry> pods;
  private final List<String> contradictions = new ArrayList<>();

  /**
   * @param node null if the node is not known
   * @param gpuNode null if its daemon has not reported
   * @param pods every entry on the node, those that ended included
   */
  NodeStateBuilder(String name, NodeFact node, GpuNodeFact gpuNode, Collection<PodEntry> pods) {
    this.name = name;
    this.node = node;
    this.gpuNode = gpuNode;
    this.pods =
        pods.stream()
            .sorted(Comparator.comparing((PodEntry pod) -> pod.effective().ref().uid()))
            .toList();
  }

  /** Whether the node's report says that a pod that ended holds nothing there any more. */
  static boolean letGo(GpuNodeFact gpuNode, PodEntry pod) {
    if (gpuNode == null || gpuNode.observed() < pod.end()) {
      return false;
    }
    return gpuNode.heldBy(pod.effective().ref().uid()).isEmpty();
  }

  NodeState build() {
    List<SliceState> bare = bareSlices();
    Holds holds = new Holds(bare);
    for (PodEntry pod : pods) {
      if (pod.active()) {
        contradictions.addAll(holds.addActive(pod.effective()));
      } else if (!letGo(gpuNode, pod)) {
        contradictions.addAll(pod.ended() ? holds.residue(pod) : holds.add(pod.effective()));
      }
    }
    holds.keepTraded();
    addUnknownHolders(holds);
    List<SliceState> slices = bare.stream().map(holds::on).toList();
    return new NodeState(
        name,
        gpuNode != null,
        gpuNode != null && gpuNode.status().serving(),
        node == null ? Map.of() : node.allocatable(),
        requested(),
        slices,
        kinds(),
        charges(slices),
        contradictions);
  }

  private Map<String, GpuKind> kinds() {
    Map<String, GpuKind> kinds = new LinkedHashMap<>();
    for (GpuStatus gpu : gpuNode == null ? List.<GpuStatus>of() : gpuNode.status().gpus()) {
      OptionalInt numa =
          gpu.numaNode() == null ? OptionalInt.empty() : OptionalInt.of(gpu.numaNode());
      kinds.put(gpu.uuid(), new GpuKind(String.valueOf(gpu.model()), numa));
    }
    return kinds;
  }

  private List<SliceState> bareSlices() {
    List<SliceState> slices = new ArrayList<>();
    if (gpuNode == null) {
      return slices;
    }
    for (GpuStatus gpu : gpuNode.status().gpus()) {
      gpu.slices().stream()
          .map(slice -> bare(gpu, slice))
          .filter(Objects::nonNull)
          .sorted(Comparator.comparing(SliceState::slice, Slice.ORDER))
          .forEach(slices::add);
    }
    return slices;
  }

  private SliceState bare(GpuStatus gpu, SliceStatus status) {
    List<String> cordoned = gpuNode.spec().cordoned();
    try {
      if (!Amount.divisibleBy(status.sharesTotal())) {
        throw new IllegalArgumentException("sharesTotal " + status.sharesTotal());
      }
      Slice slice =
          new Slice(
              status.uuid(),
              ResourceName.whole(status.profile()).profile(),
              status.computeSlices(),
              status.memoryMiB(),
              new Placement(status.start(), status.size()),
              Health.HEALTHY.text().equals(status.health()) ? Health.HEALTHY : Health.UNHEALTHY);
      boolean kept = cordoned.contains(gpu.uuid()) || cordoned.contains(status.uuid());
      Advertised as = Advertised.of(slice.profile(), status.resource());
      return new SliceState(
          gpu.uuid(),
          slice,
          as,
          kept,
          slice.healthy() ? "" : Objects.requireNonNullElse(status.reason(), ""),
          status.sharesTotal(),
          List.of(),
          Mode.FREE,
          false);
    } catch (IllegalArgumentException | NullPointerException e) {
      contradictions.add("slice " + status.uuid() + " is ignored: " + e.getMessage());
      return null;
    }
  }

  /** A holder that the report names and the watch does not know, such as a pod just deleted. */
  private void addUnknownHolders(Holds holds) {
    Set<String> known = new HashSet<>();
    pods.forEach(pod -> known.add(pod.effective().ref().uid()));
    for (GpuStatus gpu : gpuNode == null ? List.<GpuStatus>of() : gpuNode.status().gpus()) {
      for (SliceStatus slice : gpu.slices()) {
        for (Holder holder : slice.holders()) {
          if (holder.uid() == null || !known.contains(holder.uid())) {
            PodRef ref =
                new PodRef(
                    holder.uid() == null
                        ? "?" + holder.namespace() + "/" + holder.name()
                        : holder.uid(),
                    String.valueOf(holder.namespace()),
                    String.valueOf(holder.name()));
            holds.put(slice.uuid(), new SliceHold(ref, Math.max(0, holder.shares())));
          }
        }
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
      PodHoldings holdings = PodHoldings.of(pod, bare, gpuNode);
      traded.add(pod, holdings);
      return add(pod, holdings);
    }

    List<String> add(PodFact pod) {
      return add(pod, PodHoldings.of(pod, bare, gpuNode));
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
      PodHoldings holdings = PodHoldings.of(pod.fact(), bare, gpuNode);
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
