/**
 * The published openb experiment on GPU fragmentation, repeated: it validates the simulator.
 *
 * <p>Entry point: {@link dev.lamella.simulator.trace.openb.OpenbPreset}.
 */
package dev.lamella.simulator.trace.openb;
