package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.Tenants;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The ledger at one moment. Immutable. */
public final class Snapshot {

  public static final Snapshot EMPTY =
      new Snapshot(NodeTable.EMPTY, Tenants.NONE, Map.of(), Map.of(), Amount.ZERO, Map.of());

  private final NodeTable nodes;
  private final Tenants tenants;
  private final Map<String, TenantUsage> usages;
  private final Map<String, Long> mix;
  private final Amount capacity;
  private final Map<String, Reservation> reservations;

  Snapshot(
      NodeTable nodes,
      Tenants tenants,
      Map<String, TenantUsage> usages,
      Map<String, Long> mix,
      Amount capacity,
      Map<String, Reservation> reservations) {
    this.nodes = nodes;
    this.tenants = tenants;
    this.usages = usages;
    this.mix = mix;
    this.capacity = capacity;
    this.reservations = Map.copyOf(reservations);
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

  /** The mix of what is asked for: slices that pods are charged, by profile, in parts of one. */
  public Map<String, Long> mix() {
    return mix;
  }

  /** Healthy slices of all nodes, added up. */
  public Amount capacity() {
    return capacity;
  }

  /** What is kept for a pod. */
  public Optional<Reservation> reservation(String uid) {
    return Optional.ofNullable(reservations.get(uid));
  }

  /**
   * The ledger as it would stand if these pods of one node were gone and its report had said so.
   * Pods that are not there, or not on that node, change nothing.
   */
  public Snapshot without(String node, Set<String> uids) {
    NodeState was = nodes.get(node);
    if (was == null || uids.isEmpty()) {
      return this;
    }
    Map<String, TenantUsage> left = new TreeMap<>(usages);
    Map<String, Long> mixLeft = new TreeMap<>(mix);
    Set<String> gone = new TreeSet<>();
    for (PodCharge charge : was.charges()) {
      if (uids.contains(charge.pod().uid())) {
        gone.add(charge.pod().uid());
        charge.sliceParts().forEach((profile, parts) -> mixLeft.merge(profile, -parts, Long::sum));
      }
    }
    left.replaceAll((tenant, usage) -> usage.without(gone));
    return new Snapshot(
        nodes.with(Map.of(node, was.without(uids))),
        tenants,
        left,
        mixLeft,
        capacity,
        reservations);
  }

  /** What is kept for pods, by their UIDs. */
  public Map<String, Reservation> reservations() {
    return reservations;
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
