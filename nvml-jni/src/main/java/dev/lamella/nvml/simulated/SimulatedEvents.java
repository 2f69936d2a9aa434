package dev.lamella.nvml.simulated;

import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlEvents;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Events that {@link SimulatedNvml#raise} was given. */
final class SimulatedEvents implements NvmlEvents {

  private final BlockingQueue<NvmlEvent> raised = new LinkedBlockingQueue<>();
  private volatile boolean closed;

  void raise(NvmlEvent event) {
    if (!closed) {
      raised.add(event);
    }
  }

  @Override
  public Optional<NvmlEvent> next(Duration timeout) {
    if (closed) {
      throw new NvmlException("nvmlEventSetWait_v2", NvmlStatus.UNINITIALIZED);
    }
    try {
      return Optional.ofNullable(raised.poll(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public SortedMap<Integer, NvmlStatus> unwatched() {
    return Collections.unmodifiableSortedMap(new TreeMap<>());
  }

  @Override
  public void close() {
    closed = true;
    raised.clear();
  }
}
