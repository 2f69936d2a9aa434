package dev.lamella.deviceplugin.metrics;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often each Xid was reported of each slice. */
final class XidCounts {

  private final Map<String, SortedMap<Long, Long>> bySlice = new TreeMap<>();

  synchronized void add(String slice, long xid) {
    bySlice.computeIfAbsent(slice, none -> new TreeMap<>()).merge(xid, 1L, Long::sum);
  }

  /** By Xid. */
  synchronized SortedMap<Long, Long> of(String slice) {
    return new TreeMap<>(bySlice.getOrDefault(slice, new TreeMap<>()));
  }
}
