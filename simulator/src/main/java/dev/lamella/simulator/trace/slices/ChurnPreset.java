package dev.lamella.simulator.trace.slices;

import dev.lamella.simulator.trace.experiment.Preset;
import dev.lamella.simulator.trace.experiment.Run;
import dev.lamella.simulator.trace.experiment.Settings;
import java.util.List;

/** Instances come and go at a load of 1: offered compute slices equal to those there are. */
public final class ChurnPreset implements Preset {

  private static final double LOAD = 1.0;
  private static final double MEASURED_FROM = 10;
  private static final double UNTIL = 40;

  @Override
  public String name() {
    return "churn";
  }

  @Override
  public String description() {
    return "instances come and go on 100 seven-slice GPUs at load 1.0; what does not fit is lost";
  }

  @Override
  public List<String> mixes() {
    return SliceMix.names();
  }

  @Override
  public List<String> policies() {
    return SlicePolicies.NAMES;
  }

  @Override
  public List<Run> runs(Settings settings) {
    return settings.runs(ChurnPreset::measure);
  }

  private static List<Run.Measure> measure(String mix, String policy, long seed) {
    SliceMix arriving = SliceMix.named(mix);
    Arrivals arrivals = Arrivals.churn(arriving, LOAD, UNTIL, seed);
    return new SliceRun(arriving, arrivals, SlicePolicies.named(policy, seed))
        .measureFrom(MEASURED_FROM);
  }
}
