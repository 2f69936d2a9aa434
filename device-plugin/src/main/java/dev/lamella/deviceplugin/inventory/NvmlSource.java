package dev.lamella.deviceplugin.inventory;

import dev.lamella.nvml.Nvml;

/** Where NVML comes from: the system's library, one at a path, or a simulated one. */
@FunctionalInterface
public interface NvmlSource {

  /**
   * @throws dev.lamella.nvml.NvmlException if there is no driver, or it does not answer
   */
  Nvml open();
}
