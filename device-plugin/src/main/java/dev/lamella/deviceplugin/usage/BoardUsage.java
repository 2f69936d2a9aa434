package dev.lamella.deviceplugin.usage;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What is known of a board as a whole; empty where NVML does not tell.
 *
 * @param watts what it draws
 * @param celsius how hot its GPU is
 * @param busy part of the time in which a kernel ran; MIG must be off
 * @param memoryBusy part of the time in which memory was read or written; MIG must be off
 */
public record BoardUsage(
    OptionalDouble watts, OptionalDouble celsius, OptionalDouble busy, OptionalDouble memoryBusy) {

  public BoardUsage {
    Objects.requireNonNull(watts, "watts");
    Objects.requireNonNull(celsius, "celsius");
    Objects.requireNonNull(busy, "busy");
    Objects.requireNonNull(memoryBusy, "memoryBusy");
  }
}
