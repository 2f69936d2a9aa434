package dev.lamella.deviceplugin.inventory;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import java.time.Duration;
import java.util.Map;

/** Whoever reads more of NVML than what there is. Called on the driver's thread alone. */
public interface Measuring {

  /**
   * Measures if it is time to; an NVML that fails to answer is no reason to throw.
   *
   * @param inventory what was found a moment ago
   * @param devices handles of GPUs and slices, by UUID
   * @return after which time to be asked again
   */
  Duration measure(Nvml nvml, Inventory inventory, Map<String, NvmlDevice> devices);

  /** NVML is about to be shut down: what is its own must be given back. */
  void closing();
}
