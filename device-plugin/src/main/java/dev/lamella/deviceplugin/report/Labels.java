package dev.lamella.deviceplugin.report;

import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.naming.MigStrategy;
import dev.lamella.deviceplugin.naming.Naming;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The Node's labels, as NVIDIA's GPU feature discovery sets them, so that selectors written for it
 * go on working.
 *
 * <p>Source: the labels' documentation in docs/gpu-feature-discovery of NVIDIA/k8s-device-plugin.
 */
public final class Labels {

  private static final String GPU = "nvidia.com/gpu";
  private static final String VENDOR = "NVIDIA-";

  private Labels() {}

  /** Whether a label is one of those that this daemon sets, now or for another layout. */
  public static boolean ours(String key) {
    return key.startsWith("nvidia.com/mig-")
        || List.of(
                GPU + ".product",
                GPU + ".count",
                GPU + ".replicas",
                GPU + ".memory",
                GPU + ".slices.gi",
                GPU + ".slices.ci",
                "nvidia.com/mig.strategy")
            .contains(key);
  }

  /**
   * By key; none for a node without GPUs.
   *
   * @param naming what the strategy came to
   */
  public static Map<String, String> of(Inventory inventory, MigStrategy strategy, Naming naming) {
    Map<String, String> labels = new TreeMap<>();
    if (inventory.gpus().isEmpty()) {
      return labels;
    }
    gpus(inventory.gpus(), labels);
    if (strategy != MigStrategy.NONE) {
      labels.put("nvidia.com/mig.strategy", strategy.text());
    }
    if (strategy == MigStrategy.SINGLE) {
      inventory.gpus().stream()
          .filter(Gpu::migEnabled)
          .findFirst()
          .ifPresent(gpu -> single(gpu, naming, labels));
      return labels;
    }
    Map<String, Long> counts =
        inventory.gpus().stream()
            .filter(Gpu::migEnabled)
            .flatMap(gpu -> gpu.slices().stream())
            .collect(Collectors.groupingBy(Slice::profile, TreeMap::new, Collectors.counting()));
    for (Gpu gpu : inventory.gpus()) {
      if (gpu.migEnabled()) {
        gpu.slices().forEach(slice -> slice(gpu, slice, counts, labels));
      }
    }
    return labels;
  }

  /** All slices are of one kind, which takes the place of the GPU's; or none is offered. */
  private static void single(Gpu gpu, Naming naming, Map<String, String> labels) {
    boolean offered = !naming.kinds().isEmpty();
    labels.put(GPU + ".count", Integer.toString(naming.kinds().size()));
    labels.put(GPU + ".replicas", offered ? "1" : "0");
    if (!offered) {
      labels.put(GPU + ".product", product(gpu.model()) + "-MIG-INVALID");
      labels.put(GPU + ".memory", "0");
      return;
    }
    Slice slice = gpu.slices().get(0);
    labels.put(GPU + ".product", product(gpu.model()) + "-MIG-" + name(slice));
    labels.put(GPU + ".memory", Long.toString(slice.memoryMiB()));
    labels.put(GPU + ".slices.gi", Integer.toString(slice.computeSlices()));
    labels.put(GPU + ".slices.ci", Integer.toString(slice.computeSlices()));
  }

  private static String name(Slice slice) {
    return ResourceName.whole(slice.profile()).text().substring("nvidia.com/mig-".length());
  }

  /** One set of keys for all GPUs: of several models, that of most GPUs is shown. */
  private static void gpus(List<Gpu> gpus, Map<String, String> labels) {
    Map<String, Long> models =
        gpus.stream()
            .collect(Collectors.groupingBy(Gpu::model, TreeMap::new, Collectors.counting()));
    String model =
        models.keySet().stream()
            .min(
                Comparator.comparing((String name) -> -models.get(name))
                    .thenComparing(Function.identity()))
            .orElseThrow();
    labels.put(GPU + ".product", product(model));
    labels.put(GPU + ".count", models.get(model).toString());
    List<Gpu> uncut =
        gpus.stream().filter(gpu -> gpu.model().equals(model) && !gpu.migEnabled()).toList();
    labels.put(GPU + ".replicas", uncut.isEmpty() ? "0" : "1");
    uncut.stream()
        .flatMap(gpu -> gpu.slices().stream())
        .findFirst()
        .ifPresent(slice -> labels.put(GPU + ".memory", Long.toString(slice.memoryMiB())));
  }

  private static void slice(
      Gpu gpu, Slice slice, Map<String, Long> counts, Map<String, String> labels) {
    String key = ResourceName.whole(slice.profile()).text();
    labels.putIfAbsent(key + ".product", product(gpu.model()) + "-MIG-" + name(slice));
    labels.putIfAbsent(key + ".count", counts.get(slice.profile()).toString());
    labels.putIfAbsent(key + ".replicas", "1");
    labels.putIfAbsent(key + ".memory", Long.toString(slice.memoryMiB()));
    labels.putIfAbsent(key + ".slices.gi", Integer.toString(slice.computeSlices()));
    labels.putIfAbsent(key + ".slices.ci", Integer.toString(slice.computeSlices()));
  }

  private static String product(String model) {
    return VENDOR + model.replace(' ', '-');
  }
}
