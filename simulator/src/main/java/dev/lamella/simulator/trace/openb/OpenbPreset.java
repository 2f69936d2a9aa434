package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.experiment.InvalidInputException;
import dev.lamella.simulator.trace.experiment.Preset;
import dev.lamella.simulator.trace.experiment.Run;
import dev.lamella.simulator.trace.experiment.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pods of the openb trace on its 1,213 GPU nodes, as in the paper on FGD (USENIX ATC'23). */
public final class OpenbPreset implements Preset {

  @Override
  public String name() {
    return "openb";
  }

  @Override
  public String description() {
    return "the openb trace in random order on its own GPU nodes (needs its files: --data)";
  }

  /** The pod lists that the trace comes with. */
  @Override
  public List<String> mixes() {
    return List.of("default", "gpushare100");
  }

  @Override
  public List<String> policies() {
    return NodePolicy.NAMES;
  }

  @Override
  public List<Run> runs(Settings settings) {
    Path data =
        settings
            .data()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "preset openb needs --data DIR, the folder with the openb_*.csv files"));
    Map<String, OpenbTrace> traces = new HashMap<>();
    settings.mixes().forEach(mix -> traces.put(mix, OpenbTrace.read(data, mix)));
    return settings.runs(
        (mix, policy, seed) -> new OpenbRun(traces.get(mix), policy, seed).measure());
  }
}
