package dev.lamella.deviceplugin.usage;

import dev.lamella.deviceplugin.inventory.SliceAddress;
import dev.lamella.nvml.GpmMetric;
import dev.lamella.nvml.GpmSample;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What slices did since they were measured before, from GPU performance monitoring. Boards before
 * Hopper have none: of them nothing is said. For the driver's thread.
 */
final class Activity {

  private static final double PERCENT = 100;

  private final Answers answers;
  private final Map<String, GpmSample> before = new HashMap<>();

  Activity(Answers answers) {
    this.answers = answers;
  }

  /** In parts of one, by name; empty at first, since it takes two samples. */
  SortedMap<String, Double> of(Nvml nvml, String slice, SliceAddress address, NvmlDevice gpu) {
    boolean can = answers.ask("gpm " + address.gpu(), () -> nvml.supportsGpm(gpu)).orElse(false);
    if (!can) {
      return new TreeMap<>();
    }
    return answers
        .ask("gpm of " + slice, () -> nvml.gpmSample(gpu, address.gpuInstance()))
        .map(now -> since(slice, now))
        .orElseGet(TreeMap::new);
  }

  private SortedMap<String, Double> since(String slice, GpmSample now) {
    GpmSample earlier = before.put(slice, now);
    SortedMap<String, Double> parts = new TreeMap<>();
    if (earlier != null) {
      answers
          .ask("gpm metrics of " + slice, () -> now.since(earlier))
          .ifPresent(percents -> percents.forEach((what, p) -> parts.put(name(what), p / PERCENT)));
      answers.ask("gpm free", () -> close(earlier));
    }
    return parts;
  }

  private static String name(GpmMetric metric) {
    return metric.name().toLowerCase(Locale.ROOT);
  }

  private static boolean close(GpmSample sample) {
    sample.close();
    return true;
  }

  /** Gives back the samples of slices other than these. */
  void keepOnly(Set<String> slices) {
    before
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !slices.contains(entry.getKey());
              if (gone) {
                answers.ask("gpm free", () -> close(entry.getValue()));
              }
              return gone;
            });
  }
}
