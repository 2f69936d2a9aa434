package dev.lamella.core.tenancy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which tenant a namespace belongs to. A claim by name beats one by labels; among claims of one
 * kind the tenant whose name comes first wins. Immutable.
 */
public final class Tenants {

  public static final Tenants NONE = new Tenants(List.of(), Map.of());

  private final List<Tenant> byName;
  private final Map<String, Map<String, String>> namespaceLabels;

  /** Of every namespace that anybody claims. Asked for each pod, hence worked out beforehand. */
  private final Map<String, Tenant> owners = new HashMap<>();

  /**
   * @param tenants all of them, in any order
   * @param namespaceLabels the labels of every namespace known
   */
  public Tenants(Collection<Tenant> tenants, Map<String, Map<String, String>> namespaceLabels) {
    this.byName = tenants.stream().sorted(Tenant.ORDER).toList();
    this.namespaceLabels = Map.copyOf(namespaceLabels);
    Set<String> namespaces = new HashSet<>(namespaceLabels.keySet());
    tenants.forEach(tenant -> namespaces.addAll(tenant.claim().names()));
    for (String namespace : namespaces) {
      claims(namespace).stream().findFirst().ifPresent(owner -> owners.put(namespace, owner));
    }
  }

  /** The owner of a namespace; {@link Tenant#UNCLAIMED} if there is none. */
  public Tenant of(String namespace) {
    return owners.getOrDefault(namespace, Tenant.UNCLAIMED);
  }

  /** Every tenant that claims a namespace, the one that has it first. */
  public List<Tenant> claims(String namespace) {
    Map<String, String> labels = namespaceLabels.getOrDefault(namespace, Map.of());
    List<Tenant> claims = new ArrayList<>();
    byName.stream().filter(t -> t.claim().names().contains(namespace)).forEach(claims::add);
    byName.stream()
        .filter(t -> !t.claim().names().contains(namespace))
        .filter(t -> t.claim().claims(namespace, labels))
        .forEach(claims::add);
    return claims;
  }

  /** Names of the other tenants that claim a namespace that this one claims, in order. */
  public SortedSet<String> overlaps(Tenant tenant) {
    SortedSet<String> names = new TreeSet<>();
    Set<String> namespaces = new TreeSet<>(namespaceLabels.keySet());
    byName.forEach(each -> namespaces.addAll(each.claim().names()));
    for (String namespace : namespaces) {
      List<Tenant> claims = claims(namespace);
      if (claims.contains(tenant)) {
        claims.forEach(other -> names.add(other.name()));
      }
    }
    names.remove(tenant.name());
    return names;
  }

  /** The namespaces that a tenant owns, in order; those known by a claim or by the API. */
  public SortedSet<String> namespaces(Tenant tenant) {
    SortedSet<String> names = new TreeSet<>();
    owners.forEach(
        (namespace, owner) -> {
          if (owner.name().equals(tenant.name())) {
            names.add(namespace);
          }
        });
    return names;
  }

  /** By name. */
  public List<Tenant> all() {
    return byName;
  }
}
