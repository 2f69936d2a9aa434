package dev.lamella.nvml;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Xid and double bit ECC events of all GPUs that were there when it was opened. For one thread:
 * {@link #close} must not be called while {@link #next} waits.
 */
public interface NvmlEvents extends AutoCloseable {

  /**
   * Waits for an event.
   *
   * @param timeout how long at most; whole milliseconds count
   * @return empty after the timeout, or if a simulated wait was interrupted
   * @throws NvmlException GPU_IS_LOST when a watched GPU fell off the bus; UNINITIALIZED once
   *     closed
   */
  Optional<NvmlEvent> next(Duration timeout);

  /**
   * GPUs whose events will not be seen, by index, and why. NOT_SUPPORTED is a property of the
   * board; everything else is a fault of the GPU.
   */
  SortedMap<Integer, NvmlStatus> unwatched();

  @Override
  void close();
}
