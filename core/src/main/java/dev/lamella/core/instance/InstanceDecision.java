package dev.lamella.core.instance;

import dev.lamella.core.geometry.Placement;

/**
 * Where a new instance goes.
 *
 * @param gpu the GPU's number in the snapshot
 * @param placement the memory slices it takes there
 */
public record InstanceDecision(int gpu, Placement placement) {}
