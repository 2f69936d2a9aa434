package dev.lamella.deviceplugin.usage;

import java.util.Locale;

/** Whether processes can be told to be a pod's. */
public enum Attribution {
  /** Nothing was measured yet. */
  UNKNOWN,
  /** Memory is told by pod. */
  BY_POD,
  /** The configuration says {@code usage.podMemory: false}. */
  OFF,
  /** The daemon does not see the host's processes ({@code hostPID}). */
  NO_HOST_PID;

  /** In snake case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
