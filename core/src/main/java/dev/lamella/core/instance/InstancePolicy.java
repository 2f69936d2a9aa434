package dev.lamella.core.instance;

import dev.lamella.core.geometry.Occupancy;

/**
 * What makes one place for a new instance better than another.
 *
 * <p>A policy only orders candidates; the loop over them, and the order among equals, is {@link
 * InstancePlacer}'s. Costs are compared exactly, so equal situations must have equal costs.
 */
@FunctionalInterface
public interface InstancePolicy {

  /** The costs that hold for one request. */
  Cost costs(Occupancy table, Mix mix);

  /** The cost of one candidate; lower is better. */
  @FunctionalInterface
  interface Cost {

    /**
     * @param gpu the GPU's number
     * @param mask its occupancy now
     * @param starts where its instances start now
     * @param span the free memory slices that the new instance would take
     */
    double of(int gpu, int mask, int starts, int span);
  }
}
