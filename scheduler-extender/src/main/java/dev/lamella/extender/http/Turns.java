package dev.lamella.extender.http;

import dev.lamella.extender.config.Limits;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Whose turn it is: so many requests are worked on, so many wait, the rest is refused. */
final class Turns implements AutoCloseable {

  private final ThreadPoolExecutor workers;
  private final ScheduledThreadPoolExecutor clock;

  Turns(Limits limits) {
    AtomicInteger count = new AtomicInteger();
    workers =
        new ThreadPoolExecutor(
            limits.maxConcurrentRequests(),
            limits.maxConcurrentRequests(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.maxQueuedRequests()),
            task -> daemon(task, "answer-" + count.incrementAndGet()));
    workers.allowCoreThreadTimeOut(true);
    clock = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "time-limits"));
    clock.setRemoveOnCancelPolicy(true);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Whether the task was taken; it is done soon. */
  boolean offer(Runnable task) {
    try {
      workers.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Does something after so long, unless it is cancelled. */
  ScheduledFuture<?> after(Duration delay, Runnable task) {
    return clock.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  int running() {
    return workers.getActiveCount();
  }

  int waiting() {
    return workers.getQueue().size();
  }

  /** Takes no more; waits for what is under way. */
  void finish(Duration limit) {
    workers.shutdown();
    try {
      workers.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    clock.shutdownNow();
  }
}
