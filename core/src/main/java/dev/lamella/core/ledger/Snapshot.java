package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.Tenants;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ledger at one moment. Immutable. */
public final class Snapshot {

  public static final Snapshot EMPTY =
      new Snapshot(NodeTable.EMPTY, Tenants.NONE, Map.of(), Amount.ZERO);

  private final NodeTable nodes;
  private final Tenants tenants;
  private final Map<String, TenantUsage> usages;
  private final Amount capacity;

  Snapshot(NodeTable nodes, Tenants tenants, Map<String, TenantUsage> usages, Amount capacity) {
    this.nodes = nodes;
    this.tenants = tenants;
    this.usages = usages;
    this.capacity = capacity;
  }

  public Optional<NodeState> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** By name. */
  public List<NodeState> nodes() {
    return nodes.all();
  }

  public Tenants tenants() {
    return tenants;
  }

  /** What a tenant uses, over all nodes. */
  public TenantUsage usage(Tenant tenant) {
    TenantUsage found = usages.get(tenant.name());
    return found != null ? found : TenantUsage.none(tenant);
  }

  /** By tenant name; tenants that use nothing are left out. */
  public Map<String, TenantUsage> usages() {
    return usages;
  }

  /** Healthy slices of all nodes, added up. */
  public Amount capacity() {
    return capacity;
  }

  /** Whether both say the same of every node, tenant and pod. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Snapshot snapshot
        && nodes.all().equals(snapshot.nodes.all())
        && tenants.all().equals(snapshot.tenants.all())
        && usages.equals(snapshot.usages)
        && capacity.equals(snapshot.capacity);
  }

  @Override
  public int hashCode() {
    return nodes.all().hashCode();
  }

  @Override
  public String toString() {
    return nodes.all() + " " + usages;
  }
}
