package dev.lamella.core.instance;

import java.util.HashMap;
import java.util.Map;

/**
 * A value of occupancy masks, seen after some of the instances may have gone.
 *
 * <p>Each instance still stands with probability {@value #STANDS}, independent of the others. Close
 * to 1, this leaves the order of masks alone and decides among equal ones: for the GPU whose
 * remaining instances are few, since it will be whole again soonest.
 */
final class Departures {

  private static final double STANDS = 0.95;

  private final double[] byMask;
  private final Map<Integer, Double> known = new HashMap<>();

  Departures(double[] byMask) {
    this.byMask = byMask;
  }

  /**
   * The expected value of a GPU.
   *
   * @param mask its taken memory slices
   * @param starts where its instances start, bits of the mask
   */
  double expected(int mask, int starts) {
    return known.computeIfAbsent(starts << Byte.SIZE | mask, key -> survivors(mask, starts));
  }

  private double survivors(int mask, int starts) {
    if (starts == 0) {
      return byMask[mask];
    }
    int start = Integer.lowestOneBit(starts);
    int others = starts & ~start;
    int span = span(mask, start, others);
    return STANDS * survivors(mask, others) + (1 - STANDS) * survivors(mask & ~span, others);
  }

  /** The instance's slices: the taken ones from its start up to the next start or free slice. */
  private static int span(int mask, int start, int others) {
    int below = others == 0 ? -1 : Integer.lowestOneBit(others) - 1;
    int from = mask & below & -start;
    return from & ~(from + start);
  }
}
