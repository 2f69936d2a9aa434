package dev.lamella.extender.decide;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.pod.PodRef;
import dev.lamella.extender.kube.PodWriter;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events about pods, written beside the work. The same words about the same pod are one event that
 * counts up, at most once a minute; and so many a second altogether. What is above that is not
 * written: the log has it.
 */
public final class PodEvents implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PodEvents.class);
  private static final long SAME_AGAIN_MILLIS = 60_000;
  private static final int PER_SECOND = 20;
  private static final int BURST = 200;
  private static final int REMEMBERED = 10_000;
  private static final int QUEUED = 1_000;

  private final PodWriter api;
  private final Clock clock;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUED),
          task -> {
            Thread named = new Thread(task, "pod-events");
            named.setDaemon(true);
            return named;
          },
          (task, executor) -> LOG.debug("an event is not written: too many wait"));

  private final Map<Words, Told> told = new LinkedHashMap<>();
  private double allowance = BURST;
  private long allowedAt;

  private record Words(PodRef pod, String type, String reason, String message) {}

  /**
   * What was said before.
   *
   * @param count how often, what was not written included
   * @param at when it was written last, in milliseconds since the epoch
   */
  private record Told(int count, long first, long at) {}

  public PodEvents(PodWriter api, Clock clock) {
    this.api = api;
    this.clock = clock;
    this.allowedAt = clock.millis();
  }

  /** Says which slices a pod was given. */
  public void assigned(PodRef pod, Assignment assignment) {
    List<String> words = new ArrayList<>();
    for (Held held : assignment.held()) {
      String shares = held.shares() == 0 ? "" : held.shares() + " shares of ";
      words.add(held.resource() + ": " + shares + String.join(", ", held.slices()));
    }
    normal(pod, "Assigned", String.join("; ", words));
  }

  /**
   * Says something about a pod, soon.
   *
   * @param reason one CamelCase word
   * @param message for whoever may read the pod: names other tenants, never their pods
   */
  void normal(PodRef pod, String reason, String message) {
    say(new Words(pod, "Normal", reason, message));
  }

  /** As {@link #normal}, of something that should not be. */
  void warning(PodRef pod, String reason, String message) {
    say(new Words(pod, "Warning", reason, message));
  }

  private synchronized void say(Words words) {
    long now = clock.millis();
    Told before = told.remove(words);
    boolean writes = (before == null || now - before.at() >= SAME_AGAIN_MILLIS) && allowed(now);
    int count = before == null ? 1 : before.count() + 1;
    long first = before == null ? now : before.first();
    Told next = new Told(count, first, writes || before == null ? now : before.at());
    told.put(words, next);
    if (told.size() > REMEMBERED) {
      told.remove(told.keySet().iterator().next());
    }
    if (writes && !thread.isShutdown()) {
      thread.execute(() -> write(words, next));
    }
  }

  private boolean allowed(long now) {
    allowance = Math.min(BURST, allowance + Math.max(0, now - allowedAt) * PER_SECOND / 1_000.0);
    allowedAt = now;
    if (allowance < 1) {
      return false;
    }
    allowance--;
    return true;
  }

  private void write(Words words, Told told) {
    try {
      api.event(
          words.pod(),
          new PodWriter.Told(
              words.type(),
              words.reason(),
              words.message(),
              told.count(),
              told.first(),
              told.at()));
    } catch (IOException e) {
      LOG.warn("event for {} not written: {}", words.pod(), e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
