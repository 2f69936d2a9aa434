package dev.lamella.nvml;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A process with a compute context on a device.
 *
 * @param pid in the PID namespace of whoever asks
 * @param usedBytes memory of the device that it uses, in bytes; empty where the driver does not say
 */
public record NvmlProcess(int pid, OptionalLong usedBytes) {

  public NvmlProcess {
    Objects.requireNonNull(usedBytes, "usedBytes");
  }
}
