package dev.lamella.simulator.kubelet;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a node offers of each resource that plugins serve.
 *
 * @param capacity healthy and unhealthy devices
 * @param allocatable healthy devices
 * @param removed resources whose plugin stayed away longer than the grace, named once
 */
record DeviceCounts(
    SortedMap<String, Integer> capacity,
    SortedMap<String, Integer> allocatable,
    SortedSet<String> removed) {

  DeviceCounts {
    capacity = copy(capacity);
    allocatable = copy(allocatable);
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  private static SortedMap<String, Integer> copy(Map<String, Integer> counts) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }
}
