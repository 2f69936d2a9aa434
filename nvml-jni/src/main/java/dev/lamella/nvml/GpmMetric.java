package dev.lamella.nvml;

/** What GPU performance monitoring tells; numbers are those of {@code nvmlGpmMetricId_t}. */
public enum GpmMetric {
  /** Time in which any graphics or compute engine was busy. */
  GRAPHICS(1),
  /** Streaming multiprocessors that were busy. */
  SM(2),
  /** Warps that were active, of those that could be. */
  SM_OCCUPANCY(3),
  /** Tensor cores that were busy. */
  TENSOR(5),
  /** Bandwidth of the memory that was used. */
  DRAM_BANDWIDTH(10);

  private final int id;

  GpmMetric(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }
}
