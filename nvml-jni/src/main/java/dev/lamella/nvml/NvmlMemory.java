package dev.lamella.nvml;

/** Memory of a GPU or MIG device, in bytes. */
public record NvmlMemory(long total, long free, long used) {}
