package dev.lamella.nvml;

/**
 * Whether a GPU is cut.
 *
 * @param enabled now
 * @param pending after the next reset
 */
public record MigMode(boolean enabled, boolean pending) {}
