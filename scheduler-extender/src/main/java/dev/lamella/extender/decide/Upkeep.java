package dev.lamella.extender.decide;

import dev.lamella.extender.kube.Disruptions;
import dev.lamella.extender.kube.PodWriter;
import dev.lamella.extender.kube.TenantFaults;
import dev.lamella.extender.kube.TenantWriter;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done without being asked: blocked pods are looked after, tenants told how they stand. */
public final class Upkeep implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long BLOCKED_EVERY_MILLIS = 100;
  private static final long TENANTS_EVERY_MILLIS = 1_000;

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            Thread named = new Thread(task, "upkeep");
            named.setDaemon(true);
            return named;
          });
  private final BooleanSupplier ready;

  private Upkeep(BooleanSupplier ready) {
    this.ready = ready;
  }

  /**
   * Starts.
   *
   * @param verbs whose refusals are looked after
   * @param ready whether this program decides, on a view that is whole; else nothing is done
   * @param observer told what is done for blocked pods
   */
  public static Upkeep start(
      LedgerOwner owner,
      Verbs verbs,
      PodWriter pods,
      PodEvents events,
      Disruptions disruptions,
      TenantWriter tenants,
      TenantFaults faults,
      BooleanSupplier ready,
      Clock clock,
      Observer observer) {
    Reclaim reclaim =
        new Reclaim(owner, pods, events, disruptions::budgets, ready, clock, observer);
    BlockedPods blocked = new BlockedPods(owner, verbs, pods, reclaim, clock, observer);
    TenantReports reports = new TenantReports(owner, verbs.demands(), faults, tenants, clock);
    Upkeep upkeep = new Upkeep(ready);
    upkeep.every(BLOCKED_EVERY_MILLIS, blocked::tick);
    upkeep.every(TENANTS_EVERY_MILLIS, reports::tick);
    return upkeep;
  }

  private void every(long millis, Runnable task) {
    threads.scheduleWithFixedDelay(() -> run(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A failure must not end what is done again and again. */
  private void run(Runnable task) {
    if (!ready.getAsBoolean()) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("upkeep failed", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
