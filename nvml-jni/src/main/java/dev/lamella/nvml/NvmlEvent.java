package dev.lamella.nvml;

import java.util.OptionalInt;

/**
 * Something that a driver reported of a GPU, from {@code nvmlEventData_t}.
 *
 * @param gpu the GPU; compare it by its UUID
 * @param type what kind of event
 * @param data the Xid's number for {@link Type#XID}, without meaning otherwise
 * @param gpuInstanceId empty: the whole GPU is meant
 * @param computeInstanceId empty: all of the GPU instance is meant
 */
public record NvmlEvent(
    NvmlDevice gpu,
    Type type,
    long data,
    OptionalInt gpuInstanceId,
    OptionalInt computeInstanceId) {

  /** The kinds of events; bits of {@code nvmlEventType} in nvml.h. */
  public enum Type {
    /** A double bit ECC error, which could not be corrected. */
    DOUBLE_BIT_ECC(0x2),
    /** An Xid error; some are the application's own fault. */
    XID(0x8),
    /** One that nobody asked for. */
    OTHER(0);

    private final long bit;

    Type(long bit) {
      this.bit = bit;
    }

    public long bit() {
      return bit;
    }

    public static Type of(long bit) {
      return bit == XID.bit ? XID : bit == DOUBLE_BIT_ECC.bit ? DOUBLE_BIT_ECC : OTHER;
    }
  }
}
