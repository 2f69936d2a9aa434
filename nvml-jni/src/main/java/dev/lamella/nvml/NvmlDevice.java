package dev.lamella.nvml;

/**
 * An opaque handle of a GPU or a MIG device, valid until NVML is shut down.
 *
 * @param handle the address, or a simulated library's number
 */
public record NvmlDevice(long handle) {}
