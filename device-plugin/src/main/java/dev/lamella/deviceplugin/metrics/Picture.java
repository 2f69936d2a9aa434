package dev.lamella.deviceplugin.metrics;

import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import dev.lamella.deviceplugin.usage.PodUsage;
import dev.lamella.deviceplugin.usage.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The node as a scrape shows it, all of it in memory already.
 *
 * @param report what GpuNode says
 * @param addresses where slices are in the driver's terms, by UUID
 * @param healthSince since when slices are as healthy as they are, by UUID
 * @param holds who holds what
 * @param sample what was measured last
 * @param pods memory by pod
 */
public record Picture(
    GpuNodeStatus report,
    Map<String, SliceAddress> addresses,
    Map<String, Instant> healthSince,
    List<Hold> holds,
    Sample sample,
    List<PodMemory> pods) {

  /**
   * A pod's memory on a slice.
   *
   * @param exceeded how often it began to use more than its budget
   */
  public record PodMemory(PodUsage usage, long exceeded) {}

  public Picture {
    Objects.requireNonNull(report, "report");
    addresses = Map.copyOf(addresses);
    healthSince = Map.copyOf(healthSince);
    holds = List.copyOf(holds);
    Objects.requireNonNull(sample, "sample");
    pods = List.copyOf(pods);
  }
}
