package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A node with GPUs: its slices, who holds them, and what its kubelet would still admit. Immutable;
 * what every decision asks is worked out once, when the node changes.
 */
public final class NodeState {

  private final String name;
  private final boolean known;
  private final boolean serving;
  private final Map<ResourceName, Integer> allocatable;
  private final Map<ResourceName, Integer> requested;
  private final List<SliceState> slices;
  private final List<PodCharge> charges;
  private final List<String> contradictions;

  private final Map<String, List<SliceState>> byKind;
  private final Map<String, Vacancy> vacancies;
  private final Map<String, GpuKind> kinds;
  private final Map<String, GpuState> gpus;
  private final int freeCompute;
  private final boolean doubtful;
  private final Amount capacity;

  /**
   * @param known whether its daemon has reported at all
   * @param serving whether its daemon says that it is serving
   * @param slices by GPU in the report's order, then by placement
   * @param kinds what each GPU is, by UUID
   * @param charges of the pods bound here that have not ended, by UID
   * @param contradictions assignments and slices that were ignored, and why
   */
  NodeState(
      String name,
      boolean known,
      boolean serving,
      Map<ResourceName, Integer> allocatable,
      Map<ResourceName, Integer> requested,
      List<SliceState> slices,
      Map<String, GpuKind> kinds,
      List<PodCharge> charges,
      List<String> contradictions) {
    this.name = Objects.requireNonNull(name, "name");
    this.known = known;
    this.serving = serving;
    this.allocatable = Collections.unmodifiableSortedMap(new TreeMap<>(allocatable));
    this.requested = Collections.unmodifiableSortedMap(new TreeMap<>(requested));
    this.slices = List.copyOf(slices);
    this.charges = List.copyOf(charges);
    this.contradictions = List.copyOf(contradictions);
    this.byKind = byKind(this.slices);
    Map<String, Vacancy> counted = new LinkedHashMap<>();
    byKind.forEach((kind, list) -> counted.put(kind, vacancy(list)));
    this.vacancies = Map.copyOf(counted);
    this.kinds = Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
    this.gpus = GpuState.of(this.slices, kinds);
    this.freeCompute = gpus.values().stream().mapToInt(GpuState::freeCompute).sum();
    this.doubtful = this.slices.stream().anyMatch(SliceState::doubtful);
    this.capacity =
        this.slices.stream()
            .filter(state -> state.slice().healthy() && state.advertised())
            .map(SliceState::amount)
            .reduce(Amount.ZERO, Amount::plus);
  }

  /** The node as if its report had shown these pods gone. */
  NodeState without(Set<String> uids) {
    Map<ResourceName, Integer> left = new TreeMap<>(requested);
    for (PodCharge charge : charges) {
      if (uids.contains(charge.pod().uid())) {
        charge.needs().totals().forEach((name, count) -> left.merge(name, -count, Integer::sum));
      }
    }
    left.values().removeIf(count -> count == 0);
    return new NodeState(
        name,
        known,
        serving,
        allocatable,
        left,
        slices.stream().map(slice -> slice.without(uids)).toList(),
        kinds,
        charges.stream().filter(charge -> !uids.contains(charge.pod().uid())).toList(),
        contradictions);
  }

  private static Map<String, List<SliceState>> byKind(List<SliceState> slices) {
    Map<String, List<SliceState>> map = new LinkedHashMap<>();
    for (SliceState state : slices) {
      if (state.advertised()) {
        map.computeIfAbsent(state.kind(), kind -> new ArrayList<>()).add(state);
      }
    }
    map.replaceAll((kind, list) -> List.copyOf(list));
    return map;
  }

  private Vacancy vacancy(List<SliceState> ofKind) {
    ResourceName whole = ofKind.get(0).resource(false);
    ResourceName share = ofKind.get(0).resource(true);
    return new Vacancy(
        ofKind, allocatable(whole) - requested(whole), allocatable(share) - requested(share));
  }

  public String name() {
    return name;
  }

  /** Whether its daemon has reported at all. */
  public boolean known() {
    return known;
  }

  /** Whether its daemon says that it is serving. */
  public boolean serving() {
    return serving;
  }

  /**
   * Whether its kubelet has refused a pod that was bound here and its daemon has not reported
   * since: where a daemon or a kubelet dies without a word, that is the first that is heard of it.
   */
  public boolean doubtful() {
    return doubtful;
  }

  /** Devices of a resource that its kubelet would admit in all. */
  public int allocatable(ResourceName resource) {
    return allocatable.getOrDefault(resource, 0);
  }

  /** Devices of a resource that the pods bound here ask for that have not ended. */
  public int requested(ResourceName resource) {
    return requested.getOrDefault(resource, 0);
  }

  /** By GPU in the report's order, then by placement. */
  public List<SliceState> slices() {
    return slices;
  }

  /**
   * Slices that pods get who ask for a profile, in the same order: those of the profile, or all of
   * a node that calls them {@code gpu}.
   */
  public List<SliceState> slices(String profile) {
    return byKind.getOrDefault(profile, List.of());
  }

  /** What could be given now of the slices that pods get who ask for a profile. */
  public Vacancy vacancy(String profile) {
    return vacancies.getOrDefault(profile, Vacancy.NONE);
  }

  /** The GPU of a slice. */
  public GpuState gpu(SliceState state) {
    return gpus.get(state.gpu());
  }

  /** What each GPU is, by UUID, in the report's order; those without slices too. */
  public Map<String, GpuKind> gpus() {
    return kinds;
  }

  /** Compute slices that nobody holds. */
  public int freeCompute() {
    return freeCompute;
  }

  /** Its healthy slices that pods can ask for, added up. */
  public Amount capacity() {
    return capacity;
  }

  /** Of the pods bound here that have not ended, by UID. */
  public List<PodCharge> charges() {
    return charges;
  }

  /** Assignments and slices that were ignored, and why. */
  public List<String> contradictions() {
    return contradictions;
  }

  /**
   * What a pod is charged on this node. A resource of which the node has no slice counts nothing.
   *
   * @param boundAt when it was or would be bound, in milliseconds since the epoch
   */
  public PodCharge charge(
      PodRef pod, int priority, long boundAt, PodNeeds needs, PodFact.Traits traits) {
    return charge(slices, pod, priority, boundAt, needs, traits);
  }

  /** Whether a pod with these needs is charged the same on both nodes. */
  public boolean chargesAs(NodeState other, PodNeeds needs) {
    for (ResourceName resource : needs.totals().keySet()) {
      if (!vacancy(resource.profile()).chargesAs(other.vacancy(resource.profile()))) {
        return false;
      }
    }
    return true;
  }

  static PodCharge charge(
      List<SliceState> slices,
      PodRef pod,
      int priority,
      long boundAt,
      PodNeeds needs,
      PodFact.Traits traits) {
    Amount amount = Amount.ZERO;
    Map<String, Long> parts = new TreeMap<>();
    for (Map.Entry<ResourceName, Integer> need : needs.totals().entrySet()) {
      ResourceName resource = need.getKey();
      SliceState state = chargedAs(slices, resource.profile());
      Amount whole = state == null ? UnseenSlice.amount(resource.profile()) : state.amount();
      int shares = state == null ? UnseenSlice.SHARES : state.sharesTotal();
      int divisor = resource.shared() ? shares : 1;
      amount = amount.plus(whole.share(divisor).times(need.getValue()));
      String profile = state == null ? resource.profile() : state.slice().profile();
      parts.merge(profile, Amount.PARTS / divisor * need.getValue(), Math::addExact);
    }
    return new PodCharge(pod, priority, boundAt, needs, amount, parts, traits);
  }

  /**
   * The slice that a request is charged as: the first that serves it; on a node that names its
   * slices otherwise by now, the first that did. Null if there is none.
   */
  private static SliceState chargedAs(List<SliceState> slices, String profile) {
    SliceState before = null;
    for (SliceState state : slices) {
      if (state.kind().equals(profile)) {
        return state;
      }
      if (before == null && state.slice().profile().equals(profile)) {
        before = state;
      }
    }
    return before;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeState node
        && name.equals(node.name)
        && known == node.known
        && serving == node.serving
        && allocatable.equals(node.allocatable)
        && requested.equals(node.requested)
        && slices.equals(node.slices)
        && kinds.equals(node.kinds)
        && gpus.equals(node.gpus)
        && charges.equals(node.charges)
        && contradictions.equals(node.contradictions);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, slices, charges);
  }

  @Override
  public String toString() {
    return name + (serving ? " " : " (not serving) ") + slices;
  }
}
