package dev.lamella.extender.drawing;

import java.util.List;

/**
 * A slice to be drawn.
 *
 * @param start first memory slice
 * @param size memory slices
 * @param mode {@code Whole}, {@code Shared} or {@code Free}
 * @param marked whether something is wrong with it
 * @param holders who holds it
 */
public record DrawnSlice(
    String profile,
    int start,
    int size,
    String mode,
    int sharesUsed,
    int sharesTotal,
    boolean marked,
    List<String> holders) {

  public DrawnSlice {
    holders = List.copyOf(holders);
  }
}
