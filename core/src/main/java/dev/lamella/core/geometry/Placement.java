package dev.lamella.core.geometry;

import java.util.Comparator;

/**
 * A run of memory slices on one GPU.
 *
 * @param start first memory slice, from 0
 * @param size length in memory slices, at least 1
 */
public record Placement(int start, int size) implements Comparable<Placement> {

  private static final Comparator<Placement> ORDER =
      Comparator.comparingInt(Placement::start).thenComparingInt(Placement::size);

  public Placement {
    if (start < 0 || size < 1 || start + size > 32) {
      throw new IllegalArgumentException(
          "placement " + start + "+" + size + " is not within 32 memory slices");
    }
  }

  /** The memory slices as bits: bit i is memory slice i. */
  public int mask() {
    return (int) (((1L << size) - 1) << start);
  }

  /** The first memory slice after this placement. */
  public int end() {
    return start + size;
  }

  public boolean overlaps(Placement other) {
    return (mask() & other.mask()) != 0;
  }

  @Override
  public int compareTo(Placement other) {
    return ORDER.compare(this, other);
  }
}
