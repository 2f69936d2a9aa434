package dev.lamella.deviceplugin.usage;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much of a slice is used.
 *
 * @param memory empty where NVML does not tell
 * @param byPod memory in bytes by pod UID; empty also where it is not told by pod
 * @param ofOthers memory in bytes of processes that are no pod's, or whose pod could not be found
 * @param activity in parts of one, by name; what NVML cannot tell is left out
 */
public record SliceUsage(
    Optional<Memory> memory,
    SortedMap<String, Long> byPod,
    long ofOthers,
    SortedMap<String, Double> activity) {

  /** In bytes. */
  public record Memory(long total, long used, long free) {}

  public SliceUsage {
    Objects.requireNonNull(memory, "memory");
    byPod = Collections.unmodifiableSortedMap(new TreeMap<>(byPod));
    activity = Collections.unmodifiableSortedMap(new TreeMap<>(activity));
  }

  static SliceUsage of(Optional<Memory> memory, Processes processes, Map<String, Double> activity) {
    return new SliceUsage(memory, processes.byPod(), processes.ofOthers(), new TreeMap<>(activity));
  }

  /** Memory of processes, in bytes. */
  record Processes(SortedMap<String, Long> byPod, long ofOthers) {
    static final Processes NONE = new Processes(new TreeMap<>(), 0);
  }
}
