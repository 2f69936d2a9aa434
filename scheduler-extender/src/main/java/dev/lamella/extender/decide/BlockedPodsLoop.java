package dev.lamella.extender.decide;

import dev.lamella.extender.kube.Disruptions;
import dev.lamella.extender.kube.PodWriter;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after blocked pods, on a thread of its own. */
public final class BlockedPodsLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BlockedPodsLoop.class);
  private static final long EVERY_MILLIS = 100;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "blocked-pods");
            named.setDaemon(true);
            return named;
          });

  private BlockedPodsLoop() {}

  /** Starts to look after the pods that these verbs refuse. */
  public static BlockedPodsLoop start(
      LedgerOwner owner, Verbs verbs, PodWriter api, Disruptions disruptions, Clock clock) {
    BlockedPods blocked = new BlockedPods(owner, verbs.demands(), api, disruptions::budgets, clock);
    BlockedPodsLoop loop = new BlockedPodsLoop();
    loop.thread.scheduleWithFixedDelay(
        () -> tick(blocked), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return loop;
  }

  /** A failure must not end the loop. */
  private static void tick(BlockedPods blocked) {
    try {
      blocked.tick();
    } catch (RuntimeException e) {
      LOG.error("looking after blocked pods failed", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
