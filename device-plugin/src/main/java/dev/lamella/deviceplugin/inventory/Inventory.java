package dev.lamella.deviceplugin.inventory;

import dev.lamella.core.inventory.Gpu;
import java.util.List;

/**
 * What was found on the node.
 *
 * @param driverVersion NVIDIA's driver; null without one
 * @param gpus in NVML's order, without those that did not answer; models without "NVIDIA "
 * @param problems one sentence for each thing that was left out, or is known in part only
 */
public record Inventory(String driverVersion, List<Gpu> gpus, List<String> problems) {

  public Inventory {
    gpus = List.copyOf(gpus);
    problems = List.copyOf(problems);
  }

  /** A node without a driver. */
  public static Inventory none(String why) {
    return new Inventory(null, List.of(), List.of(why));
  }
}
