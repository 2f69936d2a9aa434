package dev.lamella.nvml;

/**
 * A kind of GPU instance that a GPU offers, from {@code nvmlDeviceGetGpuInstanceProfileInfo}.
 *
 * @param id the profile's id on this GPU, as {@link GpuInstance#profileId} names it
 * @param computeSlices compute slices of one instance
 * @param maxInstances how many may stand on the GPU at once
 * @param memoryMiB memory of one instance in MiB
 */
public record GpuInstanceProfile(int id, int computeSlices, int maxInstances, long memoryMiB) {}
