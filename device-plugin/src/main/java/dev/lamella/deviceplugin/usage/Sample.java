package dev.lamella.deviceplugin.usage;

import java.time.Instant;
import java.util.Map;

/**
 * One measurement of the node.
 *
 * @param at when it was made; the epoch if none was made yet
 * @param attribution whether memory is told by pod, or why not
 * @param slices by UUID; those that did not answer are left out
 * @param boards by the GPU's UUID
 */
public record Sample(
    Instant at,
    Attribution attribution,
    Map<String, SliceUsage> slices,
    Map<String, BoardUsage> boards) {

  /** Before the first measurement. */
  public static final Sample NONE =
      new Sample(Instant.EPOCH, Attribution.UNKNOWN, Map.of(), Map.of());

  public Sample {
    slices = Map.copyOf(slices);
    boards = Map.copyOf(boards);
  }
}
