package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.reclaim.Victim;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.simulator.trace.experiment.Preset;
import dev.lamella.simulator.trace.experiment.Run;
import dev.lamella.simulator.trace.experiment.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Two classes and three tenants who ask for more than there is. */
public final class TenantsPreset implements Preset {

  private static final String MIX = "overload";
  private static final int HOURS = 4;

  @Override
  public String name() {
    return "tenants";
  }

  @Override
  public String description() {
    return "two classes and three tenants ask for 1.25 times 112 compute slices, for "
        + HOURS
        + " hours";
  }

  @Override
  public List<String> mixes() {
    return List.of(MIX);
  }

  @Override
  public List<String> policies() {
    return Arrays.stream(Policy.values()).map(Policy::text).toList();
  }

  @Override
  public List<Run> runs(Settings settings) {
    return settings.runs(TenantsPreset::measures);
  }

  private static List<Run.Measure> measures(String mix, String policy, long seed) {
    Scene scene = Scene.overload(HOURS);
    Overload overload = new Overload(scene, Policy.named(policy), seed);
    Tally tally = overload.run();
    double compute = overload.compute();
    List<Run.Measure> measures = new ArrayList<>();
    measures.add(new Run.Measure("allocation", tally.allocation(compute)));
    for (Tenant tenant : scene.tenants()) {
      String name = tenant.name();
      measures.add(new Run.Measure(name + ".allocation", tally.allocation(name, compute)));
      measures.add(new Run.Measure(name + ".accepted", tally.accepted(name)));
      measures.add(new Run.Measure(name + ".waitP50Seconds", seconds(tally.waits(name), 50)));
      measures.add(new Run.Measure(name + ".waitP99Seconds", seconds(tally.waits(name), 99)));
      measures.add(new Run.Measure(name + ".evictions", tally.evicted(name)));
    }
    List<Long> waits = tally.guaranteedWaits();
    measures.add(new Run.Measure("guaranteedWaitP50Seconds", seconds(waits, 50)));
    measures.add(new Run.Measure("guaranteedWaitP99Seconds", seconds(waits, 99)));
    measures.add(new Run.Measure("guaranteedWaitMaxSeconds", seconds(waits, 100)));
    for (Victim.Kind kind : Victim.Kind.values()) {
      String text = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
      measures.add(new Run.Measure("evictions." + text, tally.evicted(kind)));
    }
    measures.add(new Run.Measure("fragmentation", tally.fragmentation(compute)));
    measures.add(new Run.Measure("quotaViolations", tally.violations()));
    return measures;
  }

  private static double seconds(List<Long> waits, double percent) {
    return Tally.quantile(waits, percent) / 1_000.0;
  }
}
