package dev.lamella.deviceplugin.container;

import dev.lamella.deviceplugin.inventory.SliceAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The device nodes of slices, as containers see them.
 *
 * @param control those that every container with a GPU needs, where the host has them
 * @param bySlice those of each slice, by its UUID
 * @param problems one sentence for each node that is not known
 */
record DeviceNodes(List<String> control, Map<String, List<String>> bySlice, List<String> problems) {

  private static final List<String> CONTROL =
      List.of("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset");

  DeviceNodes {
    control = List.copyOf(control);
    bySlice = Map.copyOf(bySlice);
    problems = List.copyOf(problems);
  }

  static DeviceNodes none() {
    return new DeviceNodes(List.of(), Map.of(), List.of());
  }

  /**
   * Finds the nodes of slices.
   *
   * @param procRoot where procfs is mounted: the driver lists the minors of capabilities there
   * @param devRoot where the host's device nodes are
   */
  static DeviceNodes find(Path procRoot, Path devRoot, Map<String, SliceAddress> slices) {
    List<String> control =
        CONTROL.stream()
            .filter(name -> Files.exists(devRoot.resolve(name)))
            .map(name -> "/dev/" + name)
            .toList();
    List<String> problems = new ArrayList<>();
    Map<String, String> minors =
        minors(procRoot.resolve("driver/nvidia-caps/mig-minors"), problems);
    Map<String, List<String>> bySlice = new TreeMap<>();
    new TreeMap<>(slices)
        .forEach((slice, at) -> bySlice.put(slice, nodes(slice, at, minors, problems)));
    return new DeviceNodes(control, bySlice, problems);
  }

  private static List<String> nodes(
      String slice, SliceAddress at, Map<String, String> minors, List<String> problems) {
    List<String> nodes = new ArrayList<>();
    if (at.minor().isEmpty()) {
      problems.add("slice " + slice + ": the GPU's minor number is not known");
      return nodes;
    }
    String gpu = "gpu" + at.minor().getAsInt();
    nodes.add("/dev/nvidia" + at.minor().getAsInt());
    if (at.gpuInstance().isPresent()) {
      String instance = gpu + "/gi" + at.gpuInstance().getAsInt();
      capability(slice, instance + "/access", minors, nodes, problems);
      at.computeInstance()
          .ifPresent(
              ci -> capability(slice, instance + "/ci" + ci + "/access", minors, nodes, problems));
    }
    return nodes;
  }

  private static void capability(
      String slice,
      String name,
      Map<String, String> minors,
      List<String> nodes,
      List<String> problems) {
    String minor = minors.get(name);
    if (minor == null) {
      problems.add("slice " + slice + ": mig-minors does not list " + name);
    } else {
      nodes.add("/dev/nvidia-caps/nvidia-cap" + minor);
    }
  }

  /** Lines such as {@code gpu0/gi1/ci0/access 13}; none without a driver that knows MIG. */
  private static Map<String, String> minors(Path file, List<String> problems) {
    Map<String, String> minors = new TreeMap<>();
    if (!Files.isReadable(file)) {
      return minors;
    }
    try {
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.strip().split("\\s+");
        if (parts.length == 2 && parts[1].matches("\\d+")) {
          minors.put(parts[0], parts[1]);
        }
      }
      return minors;
    } catch (IOException e) {
      problems.add(file + " cannot be read: " + e);
      return minors;
    }
  }
}
