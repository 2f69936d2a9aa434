/**
 * {@code simulate}: arrivals and departures in the process, on the core's own decisions.
 *
 * <p>Entry points: {@link dev.lamella.simulator.trace.Simulate}, the program, and {@link
 * dev.lamella.simulator.trace.SimulateCommand}, the same as a command. A new simulation is a {@link
 * dev.lamella.simulator.trace.experiment.Preset} listed in {@code Presets}.
 */
package dev.lamella.simulator.trace;
