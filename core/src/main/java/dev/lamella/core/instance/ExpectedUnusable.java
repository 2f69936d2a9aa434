package dev.lamella.core.instance;

import dev.lamella.core.geometry.Occupancy;

/** How many free memory slices of a GPU a request of the mix is expected to have no use for. */
public final class ExpectedUnusable {

  private final double[] byMask;

  /** Computed for every mask. */
  public ExpectedUnusable(Occupancy table, Mix mix) {
    byMask = new double[table.masks()];
    for (int mask = 0; mask < byMask.length; mask++) {
      for (int profile = 0; profile < mix.profiles(); profile++) {
        byMask[mask] += mix.share(profile) * unusable(table, profile, mask);
      }
    }
  }

  /** Memory slices, by occupancy mask. */
  public double[] byMask() {
    return byMask.clone();
  }

  private static int unusable(Occupancy table, int profile, int mask) {
    int usable = 0;
    for (int open = table.openStarts(profile, mask); open != 0; open &= open - 1) {
      usable |= table.span(profile, Integer.numberOfTrailingZeros(open));
    }
    return table.freeMemorySlices(mask) - Integer.bitCount(usable);
  }
}
