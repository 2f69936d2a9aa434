package dev.lamella.deviceplugin.inventory;

import dev.lamella.core.inventory.Gpu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was found on the node.
 *
 * @param driverVersion NVIDIA's driver; null without one
 * @param gpus in NVML's order, without those that did not answer; models without "NVIDIA "
 * @param addresses of every slice, by its UUID
 * @param problems one sentence for each thing that was left out, or is known in part only
 * @param silent what is there and did not answer; each is a problem too
 * @param reasons why a slice is unhealthy, by its UUID
 */
public record Inventory(
    String driverVersion,
    List<Gpu> gpus,
    Map<String, SliceAddress> addresses,
    List<String> problems,
    List<Silence> silent,
    Map<String, String> reasons) {

  public Inventory {
    gpus = List.copyOf(gpus);
    addresses = Map.copyOf(addresses);
    problems = List.copyOf(problems);
    silent = List.copyOf(silent);
    reasons = Map.copyOf(reasons);
  }

  /** A node without a driver. */
  public static Inventory none(String why) {
    return new Inventory(null, List.of(), Map.of(), List.of(why), List.of(), Map.of());
  }

  /** The same with more that is not as it should be. */
  Inventory withProblems(List<String> more) {
    List<String> all = new ArrayList<>(problems);
    all.addAll(more);
    return new Inventory(driverVersion, gpus, addresses, all, silent, reasons);
  }

  /** The same node with other slices on its GPUs, and why some of them are unhealthy. */
  public Inventory showing(
      List<Gpu> shown, Map<String, SliceAddress> moreAddresses, Map<String, String> moreReasons) {
    Map<String, SliceAddress> allAddresses = new TreeMap<>(moreAddresses);
    allAddresses.putAll(addresses);
    Map<String, String> allReasons = new TreeMap<>(moreReasons);
    allReasons.putAll(reasons);
    return new Inventory(driverVersion, shown, allAddresses, problems, silent, allReasons);
  }
}
