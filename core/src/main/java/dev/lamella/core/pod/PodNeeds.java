package dev.lamella.core.pod;

import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The devices that a pod asks for, counted as the kubelet counts them: per resource, sidecars add
 * up; an init container needs its own on top of the sidecars started before it; the pod needs the
 * larger of that peak and of its containers plus sidecars. The kubelet gives an ordinary init
 * container's devices to the containers after it.
 *
 * <p>Source: Kubernetes' {@code PodRequests} in component-helpers/resource.
 */
public final class PodNeeds {

  public static final PodNeeds NONE = new PodNeeds(List.of());

  private final List<ContainerNeed> containers;
  private final Set<ResourceName> apart;
  private final SortedMap<ResourceName, Integer> totals;
  private final boolean anyWhole;

  /**
   * @param containers init containers and sidecars in their order, then the others
   */
  public PodNeeds(List<ContainerNeed> containers) {
    this(containers, Set.of());
  }

  /**
   * @param containers init containers and sidecars in their order, then the others
   * @param apart shared resources of which no two shares of the pod may lie on one slice
   */
  public PodNeeds(List<ContainerNeed> containers, Set<ResourceName> apart) {
    this.containers = List.copyOf(containers);
    this.apart = Collections.unmodifiableSortedSet(new TreeSet<>(apart));
    SortedSet<ResourceName> resources = new TreeSet<>();
    containers.forEach(container -> resources.addAll(container.devices().keySet()));
    SortedMap<ResourceName, Integer> sums = new TreeMap<>();
    resources.forEach(resource -> sums.put(resource, count(resource)));
    this.totals = Collections.unmodifiableSortedMap(sums);
    this.anyWhole = resources.stream().anyMatch(resource -> !resource.shared());
  }

  /** A pod with one container. */
  public static PodNeeds of(ResourceName resource, int devices) {
    return new PodNeeds(
        List.of(
            new ContainerNeed(
                ContainerNeed.Kind.MAIN, Collections.singletonMap(resource, devices))));
  }

  private int count(ResourceName resource) {
    int sidecars = 0;
    int peak = 0;
    int mains = 0;
    for (ContainerNeed container : containers) {
      switch (container.kind()) {
        case SIDECAR -> {
          sidecars += container.of(resource);
          peak = Math.max(peak, sidecars);
        }
        case INIT -> peak = Math.max(peak, sidecars + container.of(resource));
        case MAIN -> mains += container.of(resource);
      }
    }
    return Math.max(peak, mains + sidecars);
  }

  /** How many devices of each resource the pod needs in all. */
  public SortedMap<ResourceName, Integer> totals() {
    return totals;
  }

  /** Whether any slice is asked for whole. */
  public boolean anyWhole() {
    return anyWhole;
  }

  public boolean isEmpty() {
    return totals.isEmpty();
  }

  /** Whether no two shares of a resource may lie on one slice. */
  public boolean apart(ResourceName resource) {
    return apart.contains(resource);
  }

  /**
   * The devices of a resource in the groups that should each lie on one slice: one group for each
   * sidecar and container, and one more for what only an init container needs; single ones if they
   * are to lie apart. They add up to the pod's total.
   */
  public List<Integer> groups(ResourceName resource) {
    if (apart(resource)) {
      return Collections.nCopies(totals.getOrDefault(resource, 0), 1);
    }
    List<Integer> groups = new ArrayList<>();
    int grouped = 0;
    for (ContainerNeed container : containers) {
      int need = container.of(resource);
      if (container.kind() != ContainerNeed.Kind.INIT && need > 0) {
        groups.add(need);
        grouped += need;
      }
    }
    int total = totals.getOrDefault(resource, 0);
    if (total > grouped) {
      groups.add(total - grouped);
    }
    return groups;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PodNeeds needs
        && containers.equals(needs.containers)
        && apart.equals(needs.apart);
  }

  @Override
  public int hashCode() {
    return containers.hashCode();
  }

  @Override
  public String toString() {
    return totals.toString();
  }
}
