/**
 * GPUs that exist in a layout file only: the file's reader, and NVML over one of its nodes.
 *
 * <p>Entry points: {@link dev.lamella.nvml.simulated.LayoutFile} and {@link
 * dev.lamella.nvml.simulated.SimulatedNvml}.
 */
package dev.lamella.nvml.simulated;
