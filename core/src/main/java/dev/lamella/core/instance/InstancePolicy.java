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
     * @param before its occupancy mask now
     * @param after its occupancy mask with the new instance
     */
    double of(int gpu, int before, int after);
  }
}
