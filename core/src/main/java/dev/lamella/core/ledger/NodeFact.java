package dev.lamella.core.ledger;

import dev.lamella.core.resource.ResourceName;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A node as the kubelet reports it.
 *
 * @param version the node's resourceVersion
 * @param allocatable devices of each resource that the kubelet would admit in all
 */
public record NodeFact(String name, long version, Map<ResourceName, Integer> allocatable) {

  public NodeFact {
    Objects.requireNonNull(name, "name");
    allocatable = Collections.unmodifiableSortedMap(new TreeMap<>(allocatable));
  }
}
