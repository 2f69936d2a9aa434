package dev.lamella.core.geometry;

import java.util.List;
import java.util.Objects;

/**
 * A kind of GPU instance that a board offers.
 *
 * @param name the driver's name, such as {@code 1g.5gb} or {@code 1g.5gb+me}
 * @param nvmlId the profile's id in NVML, or -1 where it is not known
 * @param maxInstances how many may stand on one GPU at once
 * @param computeSlices compute slices of one instance
 * @param size memory slices of one instance
 * @param starts the memory slices at which an instance may start, ascending
 */
public record Profile(
    String name, int nvmlId, int maxInstances, int computeSlices, int size, List<Integer> starts) {

  public Profile {
    Objects.requireNonNull(name, "name");
    starts = starts.stream().sorted().toList();
    if (starts.isEmpty() || size < 1 || computeSlices < 1 || maxInstances < 1) {
      throw new IllegalArgumentException("profile " + name + " has no room for any instance");
    }
  }

  /** Every placement that this profile may take on an empty GPU, by start. */
  public List<Placement> placements() {
    return starts.stream().map(start -> new Placement(start, size)).toList();
  }

  public boolean mayStartAt(int start) {
    return starts.contains(start);
  }
}
