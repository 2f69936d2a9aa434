package dev.lamella.deviceplugin.report;

import dev.lamella.core.api.GpuNodeStatus;

/**
 * What is known at a moment of what the GpuNode's status says.
 *
 * @param asked whether NVML has been asked since the start. Before that nothing is known of GPUs,
 *     and so of who holds them: what an earlier start reported stands
 */
public record Report(GpuNodeStatus status, boolean asked) {}
