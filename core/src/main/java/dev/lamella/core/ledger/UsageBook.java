package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.Tenants;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What every tenant uses, kept up as nodes change. Each pod's charge stands in it once and leaves
 * with the node state that it came from, so that nothing can drift.
 */
final class UsageBook {

  private final Map<String, NavigableSet<PodCharge>> byNamespace = new TreeMap<>();
  private final Set<String> changed = new TreeSet<>();
  private final Map<String, Long> mix = new TreeMap<>();
  private Map<String, TenantUsage> usages = Map.of();

  /**
   * The charges of some nodes take the place of those they had. All nodes that changed come at
   * once: a pod may have moved between two of them and keep its rank, and must go before it comes.
   */
  void replace(Collection<PodCharge> old, Collection<PodCharge> now) {
    for (PodCharge charge : missing(old, now)) {
      String namespace = charge.pod().namespace();
      byNamespace.get(namespace).remove(charge);
      charge.sliceParts().forEach((profile, parts) -> mix.merge(profile, -parts, Long::sum));
      changed.add(namespace);
    }
    for (PodCharge charge : missing(now, old)) {
      String namespace = charge.pod().namespace();
      byNamespace.computeIfAbsent(namespace, n -> new TreeSet<>(PodCharge.RANK)).add(charge);
      charge.sliceParts().forEach((profile, parts) -> mix.merge(profile, parts, Long::sum));
      changed.add(namespace);
    }
  }

  /** Those of some that are not among others; a pod is in each at most once. */
  private static List<PodCharge> missing(Collection<PodCharge> some, Collection<PodCharge> others) {
    Map<String, PodCharge> byPod = new HashMap<>();
    others.forEach(charge -> byPod.put(charge.pod().uid(), charge));
    return some.stream().filter(charge -> !charge.equals(byPod.get(charge.pod().uid()))).toList();
  }

  /** Slices that pods are charged, by profile, in parts of one. */
  Map<String, Long> mix() {
    mix.values().removeIf(parts -> parts == 0);
    return Map.copyOf(mix);
  }

  /** By tenant name; tenants that use nothing are left out. Immutable. */
  Map<String, TenantUsage> usages(Tenants tenants) {
    if (!changed.isEmpty()) {
      Set<String> owners = new TreeSet<>();
      changed.forEach(namespace -> owners.add(tenants.of(namespace).name()));
      add(owners, tenants, new TreeMap<>(usages));
    }
    return usages;
  }

  /** As {@link #usages}, after the tenants themselves have changed. */
  Map<String, TenantUsage> usagesOfNew(Tenants tenants) {
    Set<String> owners = new TreeSet<>();
    byNamespace.keySet().forEach(namespace -> owners.add(tenants.of(namespace).name()));
    add(owners, tenants, new TreeMap<>());
    return usages;
  }

  private void add(Set<String> owners, Tenants tenants, Map<String, TenantUsage> sums) {
    changed.clear();
    byNamespace.values().removeIf(Set::isEmpty);
    Map<String, Tenant> tenantOf = new TreeMap<>();
    Map<String, List<NavigableSet<PodCharge>>> charges = new TreeMap<>();
    byNamespace.forEach(
        (namespace, pods) -> {
          Tenant owner = tenants.of(namespace);
          if (owners.contains(owner.name())) {
            tenantOf.put(owner.name(), owner);
            charges.computeIfAbsent(owner.name(), name -> new ArrayList<>()).add(pods);
          }
        });
    owners.forEach(sums::remove);
    charges.forEach(
        (name, pods) -> sums.put(name, usage(tenantOf.get(name), pods).after(usages.get(name))));
    usages = Collections.unmodifiableMap(sums);
  }

  private static TenantUsage usage(Tenant tenant, List<NavigableSet<PodCharge>> namespaces) {
    List<PodCharge> ranked = new ArrayList<>();
    namespaces.forEach(ranked::addAll);
    if (namespaces.size() > 1) {
      ranked.sort(PodCharge.RANK);
    }
    long compute = 0;
    long memory = 0;
    for (PodCharge charge : ranked) {
      compute = Math.addExact(compute, charge.amount().computeParts());
      memory = Math.addExact(memory, charge.amount().memoryParts());
    }
    return new TenantUsage(
        tenant, Collections.unmodifiableList(ranked), new Amount(compute, memory));
  }
}
