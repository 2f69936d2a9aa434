package dev.lamella.core.inventory;

import dev.lamella.core.geometry.Placement;
import java.util.Comparator;
import java.util.Objects;

/**
 * One MIG instance, or a whole GPU with MIG off.
 *
 * @param uuid the MIG device's UUID, or the GPU's with MIG off; also the kubelet's device id
 * @param profile such as {@code 1g.5gb}; {@link #WHOLE_GPU} with MIG off
 * @param computeSlices compute slices that it is charged as
 * @param memoryMiB its memory in MiB
 * @param placement where on its GPU; with MIG off the whole GPU
 */
public record Slice(
    String uuid,
    String profile,
    int computeSlices,
    long memoryMiB,
    Placement placement,
    Health health) {

  /** The profile of a GPU that is not cut. */
  public static final String WHOLE_GPU = "gpu";

  /** By placement, then UUID: the order in which slices of one GPU are listed. */
  public static final Comparator<Slice> ORDER =
      Comparator.comparing(Slice::placement).thenComparing(Slice::uuid);

  public Slice {
    Objects.requireNonNull(uuid, "uuid");
    Objects.requireNonNull(profile, "profile");
    Objects.requireNonNull(placement, "placement");
    Objects.requireNonNull(health, "health");
    if (computeSlices < 1 || memoryMiB < 0) {
      throw new IllegalArgumentException(
          "slice %s: %d compute slices and %d MiB".formatted(uuid, computeSlices, memoryMiB));
    }
  }

  public boolean healthy() {
    return health == Health.HEALTHY;
  }
}
