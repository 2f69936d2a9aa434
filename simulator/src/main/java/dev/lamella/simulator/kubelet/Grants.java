package dev.lamella.simulator.kubelet;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Which container holds which devices. Not safe for use by several threads. */
final class Grants {

  private final List<DeviceGrant> grants = new ArrayList<>();

  /** Adds a grant in place of an earlier one of the same container and resource. */
  void put(DeviceGrant grant) {
    grants.removeIf(
        g ->
            g.pod().equals(grant.pod())
                && g.container().equals(grant.container())
                && g.resource().equals(grant.resource()));
    grants.add(grant);
  }

  /** Drops what pods outside {@code active} hold. */
  void retain(Set<String> active) {
    grants.removeIf(g -> !active.contains(g.pod()));
  }

  List<DeviceGrant> all() {
    return List.copyOf(grants);
  }

  List<DeviceGrant> of(String pod, String container) {
    return select(g -> g.pod().equals(pod) && g.container().equals(container));
  }

  SortedSet<String> ids(String pod, String container, String resource) {
    return ids(
        g ->
            g.pod().equals(pod)
                && g.container().equals(container)
                && g.resource().equals(resource));
  }

  SortedSet<String> ids(String resource) {
    return ids(g -> g.resource().equals(resource));
  }

  boolean anyOf(String pod) {
    return grants.stream().anyMatch(g -> g.pod().equals(pod));
  }

  SortedSet<String> resources() {
    SortedSet<String> resources = new TreeSet<>();
    grants.forEach(g -> resources.add(g.resource()));
    return resources;
  }

  private SortedSet<String> ids(Predicate<DeviceGrant> which) {
    SortedSet<String> ids = new TreeSet<>();
    select(which).forEach(g -> ids.addAll(g.ids()));
    return ids;
  }

  private List<DeviceGrant> select(Predicate<DeviceGrant> which) {
    return grants.stream().filter(which).toList();
  }
}
