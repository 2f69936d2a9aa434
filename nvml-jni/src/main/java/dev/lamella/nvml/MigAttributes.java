package dev.lamella.nvml;

/**
 * What a MIG device has, from {@code nvmlDeviceGetAttributes_v2}.
 *
 * @param multiprocessors streaming multiprocessors
 * @param copyEngines shared copy engines
 * @param decoders video decoders
 * @param encoders video encoders
 * @param jpegEngines JPEG engines
 * @param opticalFlow optical flow accelerators
 * @param gpuInstanceSlices compute slices of its GPU instance
 * @param computeInstanceSlices compute slices of its compute instance
 * @param memoryMiB memory in MiB
 */
public record MigAttributes(
    int multiprocessors,
    int copyEngines,
    int decoders,
    int encoders,
    int jpegEngines,
    int opticalFlow,
    int gpuInstanceSlices,
    int computeInstanceSlices,
    long memoryMiB) {}
