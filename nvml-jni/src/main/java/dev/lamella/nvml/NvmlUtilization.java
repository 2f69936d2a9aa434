package dev.lamella.nvml;

/**
 * How busy a GPU with MIG off was in the driver's last sampling period; NVML does not tell it of
 * MIG devices.
 *
 * @param gpuPercent time in which a kernel ran, 0 to 100
 * @param memoryPercent time in which memory was read or written, 0 to 100
 */
public record NvmlUtilization(int gpuPercent, int memoryPercent) {}
