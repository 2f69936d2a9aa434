package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node with GPUs: its slices, who holds them, and what its kubelet would still admit. Immutable.
 *
 * @param serving whether its daemon says that it is serving
 * @param known whether its daemon has reported at all
 * @param allocatable per resource, as the kubelet reports it
 * @param requested per resource, over the pods bound here that have not ended
 * @param slices by GPU in the report's order, then by placement
 * @param charges of the pods bound here that have not ended, by UID
 * @param contradictions assignments that were ignored, and why
 */
public record NodeState(
    String name,
    boolean known,
    boolean serving,
    Map<ResourceName, Integer> allocatable,
    Map<ResourceName, Integer> requested,
    List<SliceState> slices,
    List<PodCharge> charges,
    List<String> contradictions) {

  public NodeState {
    allocatable = Collections.unmodifiableSortedMap(new TreeMap<>(allocatable));
    requested = Collections.unmodifiableSortedMap(new TreeMap<>(requested));
    slices = List.copyOf(slices);
    charges = List.copyOf(charges);
    contradictions = List.copyOf(contradictions);
  }

  /** Slices of one profile. */
  public List<SliceState> slices(String profile) {
    return slices.stream().filter(state -> state.slice().profile().equals(profile)).toList();
  }

  /**
   * What a pod is charged on this node. A resource of which the node has no slice counts nothing.
   *
   * @param boundAt when it was or would be bound, in milliseconds since the epoch
   */
  public PodCharge charge(PodRef pod, int priority, long boundAt, PodNeeds needs) {
    return charge(slices, pod, priority, boundAt, needs);
  }

  static PodCharge charge(
      List<SliceState> slices, PodRef pod, int priority, long boundAt, PodNeeds needs) {
    Amount amount = Amount.ZERO;
    Map<String, Long> parts = new TreeMap<>();
    for (Map.Entry<ResourceName, Integer> need : needs.totals().entrySet()) {
      ResourceName resource = need.getKey();
      Optional<SliceState> slice = first(slices, resource.profile());
      if (slice.isPresent()) {
        int divisor = resource.shared() ? slice.get().sharesTotal() : 1;
        amount = amount.plus(slice.get().amount().share(divisor).times(need.getValue()));
        parts.merge(resource.profile(), Amount.PARTS / divisor * need.getValue(), Math::addExact);
      }
    }
    return new PodCharge(pod, priority, boundAt, needs, amount, parts);
  }

  private static Optional<SliceState> first(List<SliceState> slices, String profile) {
    return slices.stream().filter(state -> state.slice().profile().equals(profile)).findFirst();
  }

  /** Devices of a resource that the kubelet would still admit. */
  public int admissible(ResourceName resource) {
    return allocatable.getOrDefault(resource, 0) - requested.getOrDefault(resource, 0);
  }
}
