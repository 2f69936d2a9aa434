package dev.lamella.extender.metrics;

import dev.lamella.core.ledger.Snapshot;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Ticks accounting once a second: a pod's time is right to a second at each end. */
public final class Ticking implements AutoCloseable {

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "accounting");
            named.setDaemon(true);
            return named;
          });

  private Ticking() {}

  /**
   * Starts.
   *
   * @param ready whether the snapshot shows the whole cluster; nothing is counted before
   */
  public static Ticking start(
      Accounting accounting, Supplier<Snapshot> snapshot, BooleanSupplier ready) {
    Ticking ticking = new Ticking();
    ticking.thread.scheduleWithFixedDelay(
        () -> {
          if (ready.getAsBoolean()) {
            accounting.tick(snapshot.get(), System.nanoTime());
          }
        },
        1,
        1,
        TimeUnit.SECONDS);
    return ticking;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
