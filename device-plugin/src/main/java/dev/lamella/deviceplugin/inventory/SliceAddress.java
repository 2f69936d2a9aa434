package dev.lamella.deviceplugin.inventory;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Where a slice is found in the driver's terms.
 *
 * @param gpu the GPU's UUID
 * @param minor M in /dev/nvidiaM; empty where NVML does not tell
 * @param gpuInstance the GPU instance's id; empty for a GPU with MIG off
 * @param computeInstance the compute instance's id in its GPU instance; empty likewise
 */
public record SliceAddress(
    String gpu, OptionalInt minor, OptionalInt gpuInstance, OptionalInt computeInstance) {

  public SliceAddress {
    Objects.requireNonNull(gpu, "gpu");
    Objects.requireNonNull(minor, "minor");
    Objects.requireNonNull(gpuInstance, "gpuInstance");
    Objects.requireNonNull(computeInstance, "computeInstance");
  }
}
