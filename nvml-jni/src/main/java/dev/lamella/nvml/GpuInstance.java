package dev.lamella.nvml;

import dev.lamella.core.geometry.Placement;

/**
 * A GPU instance, from {@code nvmlGpuInstanceGetInfo}.
 *
 * @param id unique on its GPU
 * @param profileId the profile's id, as profile lists name it
 * @param placement in memory slices
 */
public record GpuInstance(int id, int profileId, Placement placement) {}
