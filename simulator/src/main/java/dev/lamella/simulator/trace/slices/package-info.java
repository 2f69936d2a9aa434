/**
 * Simulations of instances that are created where a policy says, on seven-slice boards.
 *
 * <p>Entry points: {@link dev.lamella.simulator.trace.slices.ChurnPreset} and {@link
 * dev.lamella.simulator.trace.slices.FillPreset}.
 */
package dev.lamella.simulator.trace.slices;
