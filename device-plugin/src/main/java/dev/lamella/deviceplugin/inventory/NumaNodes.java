package dev.lamella.deviceplugin.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;

/** Reads a PCI device's NUMA node from sysfs. */
final class NumaNodes {

  private final Path devices;

  /**
   * @param sysRoot where sysfs is mounted
   */
  NumaNodes(Path sysRoot) {
    devices = sysRoot.resolve("bus/pci/devices");
  }

  /**
   * @param busId as NVML writes it, with a domain of eight digits; sysfs writes four
   * @return empty where sysfs does not say, or says -1 (a machine with one node)
   */
  OptionalInt of(String busId) {
    String lower = busId.toLowerCase(Locale.ROOT);
    String name = lower.matches("0000[0-9a-f]{4}:.*") ? lower.substring(4) : lower;
    Path file = devices.resolve(name).resolve("numa_node");
    if (!Files.isReadable(file)) {
      return OptionalInt.empty();
    }
    try {
      int node = Integer.parseInt(Files.readString(file).strip());
      return node < 0 ? OptionalInt.empty() : OptionalInt.of(node);
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
