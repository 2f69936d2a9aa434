package dev.lamella.core.inventory;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A GPU and its slices.
 *
 * @param uuid the GPU's UUID
 * @param model the name that NVML gives it
 * @param migEnabled whether it is cut; if not, its one slice is itself
 * @param numaNode the NUMA node it hangs on, where sysfs says
 * @param slices ordered by {@link Slice#ORDER}; empty if MIG is on and no instance stands
 */
public record Gpu(
    String uuid, String model, boolean migEnabled, OptionalInt numaNode, List<Slice> slices) {

  public Gpu {
    Objects.requireNonNull(uuid, "uuid");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(numaNode, "numaNode");
    slices = slices.stream().sorted(Slice.ORDER).toList();
  }
}
