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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a node's daemon reports, read once for all the changes of pods that come before its next
 * report.
 */
final class NodeReport {

  /** Of a node whose daemon has not reported. */
  static final NodeReport NONE = new NodeReport(null);

  /**
   * A holder of a slice.
   *
   * @param nameless whether the report gives no UID, so that it can be no pod that is known
   */
  record Named(String slice, SliceHold hold, boolean nameless) {}

  private final GpuNodeFact fact;
  private final List<SliceState> slices = new ArrayList<>();
  private final Map<String, GpuKind> kinds = new LinkedHashMap<>();
  private final Map<String, Map<String, Integer>> held = new HashMap<>();
  private final List<Named> holders = new ArrayList<>();
  private final List<String> contradictions = new ArrayList<>();
  private final long observed;

  private NodeReport(GpuNodeFact fact) {
    this.fact = fact;
    this.observed = fact == null ? 0 : observed(fact.status().observedPodResourceVersion());
    if (fact != null) {
      fact.status().gpus().forEach(this::read);
    }
  }

  /**
   * @param fact null if the node's daemon has not reported
   */
  static NodeReport of(GpuNodeFact fact) {
    return fact == null ? NONE : new NodeReport(fact);
  }

  private static long observed(String version) {
    return version != null && version.matches("\\d{1,18}") ? Long.parseLong(version) : 0;
  }

  private void read(GpuStatus gpu) {
    OptionalInt numa =
        gpu.numaNode() == null ? OptionalInt.empty() : OptionalInt.of(gpu.numaNode());
    kinds.put(gpu.uuid(), new GpuKind(String.valueOf(gpu.model()), numa));
    gpu.slices().stream()
        .map(slice -> bare(gpu, slice))
        .filter(Objects::nonNull)
        .sorted(Comparator.comparing(SliceState::slice, Slice.ORDER))
        .forEach(slices::add);
    for (SliceStatus slice : gpu.slices()) {
      slice.holders().forEach(holder -> read(slice.uuid(), holder));
    }
  }

  private void read(String slice, Holder holder) {
    int shares = Math.max(0, holder.shares());
    String uid = holder.uid();
    if (uid != null) {
      held.computeIfAbsent(uid, any -> new HashMap<>()).merge(slice, shares, Math::max);
    }
    PodRef ref =
        new PodRef(
            uid == null ? "?" + holder.namespace() + "/" + holder.name() : uid,
            String.valueOf(holder.namespace()),
            String.valueOf(holder.name()));
    holders.add(new Named(slice, new SliceHold(ref, shares), uid == null));
  }

  /** A slice with nobody on it; null if the report cannot be true of it. */
  private SliceState bare(GpuStatus gpu, SliceStatus status) {
    List<String> cordoned = fact.spec().cordoned();
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

  /** Whether it was read from this very fact. */
  boolean isOf(GpuNodeFact other) {
    return fact == other;
  }

  /** Whether the daemon has reported at all. */
  boolean present() {
    return fact != null;
  }

  boolean serving() {
    return fact != null && fact.status().serving();
  }

  /** By GPU in the report's order, then by placement; nobody holds any. */
  List<SliceState> slices() {
    return slices;
  }

  /** What each GPU is, by UUID, in the report's order. */
  Map<String, GpuKind> kinds() {
    return kinds;
  }

  /** Who holds what, in the report's order. */
  List<Named> holders() {
    return holders;
  }

  /** What a pod holds: shares by slice, 0 for the whole slice. */
  Map<String, Integer> heldBy(String uid) {
    return held.getOrDefault(uid, Map.of());
  }

  /** Slices that are left out, and why. */
  List<String> contradictions() {
    return contradictions;
  }

  /** Whether it says that a pod that ended holds nothing any more. */
  boolean letGo(PodEntry pod) {
    return fact != null && observed >= pod.end() && heldBy(pod.effective().ref().uid()).isEmpty();
  }
}
