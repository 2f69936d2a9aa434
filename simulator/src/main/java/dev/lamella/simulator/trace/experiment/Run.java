package dev.lamella.simulator.trace.experiment;

import java.util.List;
import java.util.function.Supplier;

/**
 * One simulation still to be run.
 *
 * @param mix what arrives
 * @param policy who decides
 * @param seed which arrivals, from 1
 * @param work runs it; the same measures in the same order for every run of a preset
 */
public record Run(String mix, String policy, long seed, Supplier<List<Measure>> work) {

  /** One number that came out, in percent. */
  public record Measure(String metric, double percent) {}
}
