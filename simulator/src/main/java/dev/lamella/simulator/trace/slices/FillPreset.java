package dev.lamella.simulator.trace.slices;

import dev.lamella.simulator.trace.experiment.Preset;
import dev.lamella.simulator.trace.experiment.Run;
import dev.lamella.simulator.trace.experiment.Settings;
import java.util.List;
import java.util.stream.Stream;

/** Instances come and stay until the demand reaches the capacity. */
public final class FillPreset implements Preset {

  private static final String OPTIMUM = "optimum";

  @Override
  public String name() {
    return "fill";
  }

  @Override
  public String description() {
    return "instances come and stay on 100 seven-slice GPUs until demand reaches capacity";
  }

  @Override
  public List<String> mixes() {
    return SliceMix.names();
  }

  @Override
  public List<String> policies() {
    return Stream.concat(SlicePolicies.NAMES.stream(), Stream.of(OPTIMUM)).toList();
  }

  @Override
  public List<Run> runs(Settings settings) {
    return settings.runs(FillPreset::measure);
  }

  private static List<Run.Measure> measure(String mix, String policy, long seed) {
    SliceMix arriving = SliceMix.named(mix);
    Arrivals arrivals = Arrivals.fill(arriving, seed);
    if (policy.equals(OPTIMUM)) {
      return FillOptimum.of(arrivals).measures();
    }
    return new SliceRun(arriving, arrivals, SlicePolicies.named(policy, seed))
        .measureFrom(0).stream()
            .filter(measure -> FillOptimum.METRICS.contains(measure.metric()))
            .toList();
  }
}
