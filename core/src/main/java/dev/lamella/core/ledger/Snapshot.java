package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.Tenants;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ledger at one moment. Immutable; usage is added up when it is first asked for. */
public final class Snapshot {

  public static final Snapshot EMPTY = new Snapshot(Map.of(), Tenants.NONE);

  private final SortedMap<String, NodeState> nodes;
  private final Tenants tenants;
  private volatile Map<String, TenantUsage> usage;
  private volatile Amount capacity;

  Snapshot(Map<String, NodeState> nodes, Tenants tenants) {
    this.nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    this.tenants = tenants;
  }

  public Optional<NodeState> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** By name. */
  public Collection<NodeState> nodes() {
    return nodes.values();
  }

  public Tenants tenants() {
    return tenants;
  }

  /** What a tenant uses, over all nodes. */
  public TenantUsage usage(Tenant tenant) {
    TenantUsage found = usages().get(tenant.name());
    return found != null ? found : TenantUsage.none(tenant);
  }

  /** Healthy slices of all nodes, added up. */
  public Amount capacity() {
    Amount sum = capacity;
    if (sum == null) {
      sum =
          nodes.values().stream()
              .flatMap(node -> node.slices().stream())
              .filter(state -> state.slice().healthy())
              .map(SliceState::amount)
              .reduce(Amount.ZERO, Amount::plus);
      capacity = sum;
    }
    return sum;
  }

  /** By tenant name; a tenant that uses nothing may be missing. */
  public Map<String, TenantUsage> usages() {
    Map<String, TenantUsage> sums = usage;
    if (sums == null) {
      sums = addUp();
      usage = sums;
    }
    return sums;
  }

  private Map<String, TenantUsage> addUp() {
    Map<String, Tenant> owners = new TreeMap<>();
    Map<String, List<PodCharge>> charges = new TreeMap<>();
    for (NodeState node : nodes.values()) {
      for (PodCharge charge : node.charges()) {
        Tenant owner = tenants.of(charge.pod().namespace());
        owners.put(owner.name(), owner);
        charges.computeIfAbsent(owner.name(), name -> new ArrayList<>()).add(charge);
      }
    }
    Map<String, TenantUsage> sums = new TreeMap<>();
    charges.forEach((name, pods) -> sums.put(name, new TenantUsage(owners.get(name), pods)));
    return Collections.unmodifiableMap(sums);
  }
}
