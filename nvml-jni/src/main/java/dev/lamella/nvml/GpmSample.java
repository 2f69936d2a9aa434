package dev.lamella.nvml;

import java.util.SortedMap;

/**
 * Counters of a slice or a GPU at a moment. Two of the same device, a tenth of a second or more
 * apart, tell what happened between them.
 */
public interface GpmSample extends AutoCloseable {

  /**
   * What happened since an earlier sample of the same device.
   *
   * @return in percent, 0 to 100; what the driver cannot tell is left out
   */
  SortedMap<GpmMetric, Double> since(GpmSample earlier);

  /** Frees it; must come before NVML is shut down, does nothing after. */
  @Override
  void close();
}
