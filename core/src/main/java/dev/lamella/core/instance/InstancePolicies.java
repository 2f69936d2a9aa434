package dev.lamella.core.instance;

import java.util.function.IntSupplier;

/** The policies by which places for new instances can be ordered. */
public final class InstancePolicies {

  /** Differences below this are the rounding of sums formed in another order, not preferences. */
  private static final double SMALLEST_DIFFERENCE = 1e-9;

  private InstancePolicies() {}

  /** The lowest GPU number that fits, the lowest start on it. */
  public static InstancePolicy firstFit() {
    return (table, mix) -> (gpu, mask, starts, span) -> gpu;
  }

  /** The GPU with the fewest free memory slices that fits. */
  public static InstancePolicy bestFit() {
    return (table, mix) -> (gpu, mask, starts, span) -> table.freeMemorySlices(mask);
  }

  /** The GPU with the most free memory slices. */
  public static InstancePolicy worstFit() {
    return (table, mix) -> (gpu, mask, starts, span) -> -table.freeMemorySlices(mask);
  }

  /** Where the fewest starts, of all profiles alike, are lost (configuration capability). */
  public static InstancePolicy capability() {
    return (table, mix) ->
        (gpu, mask, starts, span) -> table.capability(mask) - table.capability(mask | span);
  }

  /**
   * Where the free memory slices that a request of the mix could not use grow least: the
   * fragmentation gradient of FGD (USENIX ATC'23), on slices.
   */
  public static InstancePolicy expectedUnusable() {
    return (table, mix) -> {
      double[] unusable = new ExpectedUnusable(table, mix).byMask();
      return (gpu, mask, starts, span) -> rounded(unusable[mask | span] - unusable[mask]);
    };
  }

  /**
   * What Lamella does: keep most of each GPU's expected future. {@link OpenFuture} says what a GPU
   * is worth, {@link Departures} looks at it after some of its instances have gone.
   */
  public static InstancePolicy lamella() {
    return (table, mix) -> {
      Departures future = new Departures(OpenFuture.of(table, mix).byMask());
      return (gpu, mask, starts, span) ->
          rounded(
              future.expected(mask, starts)
                  - future.expected(mask | span, starts | Integer.lowestOneBit(span)));
    };
  }

  /**
   * Any open start, all alike.
   *
   * @param chance a source of integers, evenly spread over all of them
   */
  public static InstancePolicy random(IntSupplier chance) {
    return (table, mix) -> (gpu, mask, starts, span) -> chance.getAsInt();
  }

  private static double rounded(double cost) {
    return Math.rint(cost / SMALLEST_DIFFERENCE) * SMALLEST_DIFFERENCE;
  }
}
