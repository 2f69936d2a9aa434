package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import java.util.List;

/**
 * The answer to an {@link Ask}.
 *
 * @param devices what to take; fewer than asked for if no more can be taken without mixing modes
 * @param basis what the choice rests on
 */
public record Choice(List<DeviceId> devices, Basis basis) {

  /** What a choice rests on. */
  public enum Basis {
    /** A pod's assignment. */
    ASSIGNMENT,
    /** No assignment matched: devices in none. */
    FALLBACK
  }

  public Choice {
    devices = List.copyOf(devices);
  }
}
