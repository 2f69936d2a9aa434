/**
 * What every simulation has in common: runs by mix, policy and seed, gathered into series.
 *
 * <p>Entry points: {@link dev.lamella.simulator.trace.experiment.Preset}, which a simulation
 * implements, and {@link dev.lamella.simulator.trace.experiment.Experiment}, which carries it out.
 */
package dev.lamella.simulator.trace.experiment;
