package dev.lamella.core.api;

import java.util.List;

/**
 * One GPU of a node's report.
 *
 * @param numaNode null where the node does not say
 */
public record GpuStatus(
    String uuid, String model, boolean migEnabled, Integer numaNode, List<SliceStatus> slices) {

  public GpuStatus {
    slices = slices == null ? List.of() : List.copyOf(slices);
  }
}
