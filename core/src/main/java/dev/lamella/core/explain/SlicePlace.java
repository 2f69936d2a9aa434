package dev.lamella.core.explain;

/**
 * Which slice, and where it lies.
 *
 * @param gpu the GPU's UUID
 * @param gpuIndex which of the node's GPUs, from 0
 * @param start first memory slice
 * @param size length in memory slices
 * @param shares how many shares of it; 0 for the whole slice
 * @param sharesTotal into how many shares it is cut when shared
 */
public record SlicePlace(
    String node,
    String gpu,
    int gpuIndex,
    String uuid,
    String profile,
    int start,
    int size,
    int shares,
    int sharesTotal) {}
