package dev.lamella.core.api;

import java.util.List;

/**
 * The node's report: what it has and who really holds it.
 *
 * @param serving whether the daemon advertises and allocates; false while it stops
 * @param driverVersion NVIDIA's driver, or null without one
 * @param observedPodResourceVersion how far the daemon's pod watch had come: a holder that is not
 *     named here, of a pod that ended before it, is gone
 * @param gpus in NVML's order
 */
public record GpuNodeStatus(
    boolean serving,
    String driverVersion,
    String observedPodResourceVersion,
    List<GpuStatus> gpus,
    List<Condition> conditions) {

  public GpuNodeStatus {
    gpus = gpus == null ? List.of() : List.copyOf(gpus);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
