package dev.lamella.core.instance;

import dev.lamella.core.geometry.Occupancy;
import java.util.function.IntSupplier;

/** The policies by which places for new instances can be ordered. */
public final class InstancePolicies {

  private InstancePolicies() {}

  /** The lowest GPU number that fits, the lowest start on it. */
  public static InstancePolicy firstFit() {
    return (table, mix) -> (gpu, before, after) -> gpu;
  }

  /** The GPU with the fewest free memory slices that fits. */
  public static InstancePolicy bestFit() {
    return (table, mix) -> (gpu, before, after) -> table.freeMemorySlices(before);
  }

  /** The GPU with the most free memory slices. */
  public static InstancePolicy worstFit() {
    return (table, mix) -> (gpu, before, after) -> -table.freeMemorySlices(before);
  }

  /** Where the fewest starts, of all profiles alike, are lost (configuration capability). */
  public static InstancePolicy capability() {
    return (table, mix) ->
        (gpu, before, after) -> table.capability(before) - table.capability(after);
  }

  /**
   * Where the free memory slices that a request of the mix could not use grow least: the
   * fragmentation gradient of FGD (USENIX ATC'23), on slices.
   */
  public static InstancePolicy expectedUnusable() {
    return (table, mix) -> {
      double[] unusable = new ExpectedUnusable(table, mix).byMask();
      return (gpu, before, after) -> unusable[after] - unusable[before];
    };
  }

  /** What Lamella does: keep most of each GPU's expected future; see {@link OpenFuture}. */
  public static InstancePolicy lamella() {
    return (table, mix) -> {
      double[] future = OpenFuture.of(table, mix).byMask();
      return (gpu, before, after) -> future[before] - future[after];
    };
  }

  /**
   * Any open start, all alike.
   *
   * @param chance a source of integers, evenly spread over all of them
   */
  public static InstancePolicy random(IntSupplier chance) {
    return (Occupancy table, Mix mix) -> (gpu, before, after) -> chance.getAsInt();
  }
}
