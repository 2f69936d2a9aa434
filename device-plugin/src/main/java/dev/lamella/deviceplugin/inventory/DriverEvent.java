package dev.lamella.deviceplugin.inventory;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A fault that the driver reported.
 *
 * @param gpu the GPU's UUID
 * @param xid the Xid's number; empty for a double bit ECC error
 * @param gpuInstance empty: the whole GPU is meant
 * @param computeInstance empty: all of the GPU instance is meant
 */
public record DriverEvent(
    String gpu, OptionalLong xid, OptionalInt gpuInstance, OptionalInt computeInstance) {

  public DriverEvent {
    Objects.requireNonNull(gpu, "gpu");
    Objects.requireNonNull(xid, "xid");
    Objects.requireNonNull(gpuInstance, "gpuInstance");
    Objects.requireNonNull(computeInstance, "computeInstance");
  }

  /** What happened, for people. */
  public String what() {
    return xid.isPresent() ? "Xid " + xid.getAsLong() : "a double bit ECC error";
  }
}
