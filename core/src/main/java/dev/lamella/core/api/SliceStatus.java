package dev.lamella.core.api;

import java.util.List;

/**
 * One slice of a node's report.
 *
 * @param resource what it is advertised as when it is held whole: null for the name of its profile,
 *     empty for nothing (a condition says why)
 * @param start first memory slice
 * @param size length in memory slices
 * @param health {@code Healthy} or {@code Unhealthy}
 * @param reason why it is unhealthy; null if it is healthy, or nobody knows
 * @param mode {@code Free}, {@code Whole} or {@code Shared}, as the node finds it held
 * @param sharesTotal into how many shares it is cut when shared
 */
public record SliceStatus(
    String uuid,
    String profile,
    String resource,
    int computeSlices,
    long memoryMiB,
    int start,
    int size,
    String health,
    String reason,
    String mode,
    int sharesTotal,
    List<Holder> holders) {

  public SliceStatus {
    holders = holders == null ? List.of() : List.copyOf(holders);
  }

  /** A slice that is advertised by its profile, without a reason. */
  public SliceStatus(
      String uuid,
      String profile,
      int computeSlices,
      long memoryMiB,
      int start,
      int size,
      String health,
      String mode,
      int sharesTotal,
      List<Holder> holders) {
    this(
        uuid,
        profile,
        null,
        computeSlices,
        memoryMiB,
        start,
        size,
        health,
        null,
        mode,
        sharesTotal,
        holders);
  }
}
