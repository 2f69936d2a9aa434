package dev.lamella.simulator.trace;

import dev.lamella.simulator.trace.experiment.InvalidInputException;
import dev.lamella.simulator.trace.experiment.Preset;
import dev.lamella.simulator.trace.openb.OpenbPreset;
import dev.lamella.simulator.trace.slices.ChurnPreset;
import dev.lamella.simulator.trace.slices.FillPreset;
import dev.lamella.simulator.trace.tenants.TenantsPreset;
import java.util.List;

/** All presets. A new one is added here and nowhere else. */
final class Presets {

  private static final List<Preset> ALL =
      List.of(new OpenbPreset(), new ChurnPreset(), new FillPreset(), new TenantsPreset());

  private Presets() {}

  static List<Preset> all() {
    return ALL;
  }

  static Preset named(String name) {
    return ALL.stream()
        .filter(preset -> preset.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> unknown("preset", name, "one of", ALL.stream().map(Preset::name).toList()));
  }

  /** The names asked for, in the order of the known ones; all of them if none is asked for. */
  static List<String> chosen(String what, List<String> asked, Preset preset, List<String> known) {
    for (String name : asked) {
      if (!known.contains(name)) {
        throw unknown(what, name, "preset " + preset.name() + " has", known);
      }
    }
    return known.stream().filter(name -> asked.isEmpty() || asked.contains(name)).toList();
  }

  private static InvalidInputException unknown(
      String what, String name, String where, List<String> known) {
    return new InvalidInputException(
        "unknown %s '%s': %s %s".formatted(what, name, where, String.join(", ", known)));
  }
}
