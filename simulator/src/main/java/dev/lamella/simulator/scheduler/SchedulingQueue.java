package dev.lamella.simulator.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The order in which pods are tried, and how long a failed one waits: kube-scheduler's active,
 * backoff and unschedulable queues.
 *
 * <p>A pod is tried by priority, then by when it was queued. One that fits nowhere waits for {@link
 * #moveAll}, or for the limit; one that failed with an error, or while something moved, waits for
 * its backoff only. Safe for several threads; time is passed in.
 */
final class SchedulingQueue {

  /** Tried first comes first; the UID makes the order total. */
  static final Comparator<Waiting> ORDER =
      Comparator.comparingInt((Waiting w) -> -w.priority())
          .thenComparing(Waiting::queuedAt)
          .thenComparing(Waiting::uid);

  enum State {
    ACTIVE,
    BACKOFF,
    UNSCHEDULABLE,
    IN_CYCLE
  }

  /**
   * A pod in the queue.
   *
   * @param attempts how often it was taken
   * @param queuedAt when it came, or last failed
   * @param cycleStart how many moves there had been when it was taken
   */
  record Waiting(
      String uid, int priority, State state, int attempts, Instant queuedAt, long cycleStart) {

    Waiting to(State other, Instant now) {
      return new Waiting(uid, priority, other, attempts, now, cycleStart);
    }
  }

  private final Duration backoff;
  private final Duration maxBackoff;
  private final Duration limit;
  private final Map<String, Waiting> pods = new TreeMap<>();
  private long moves;

  /**
   * @param backoff after the first failure
   * @param maxBackoff after many
   * @param limit how long a pod stays unschedulable without a move
   */
  SchedulingQueue(Duration backoff, Duration maxBackoff, Duration limit) {
    this.backoff = backoff;
    this.maxBackoff = maxBackoff;
    this.limit = limit;
  }

  /** Queues a pod unless it is there. */
  synchronized void add(String uid, int priority, Instant now) {
    pods.putIfAbsent(uid, new Waiting(uid, priority, State.ACTIVE, 0, now, 0));
  }

  synchronized void remove(String uid) {
    pods.remove(uid);
  }

  /** Takes the next pod whose time has come, for one attempt. */
  synchronized Optional<String> take(Instant now) {
    Optional<Waiting> next = pods.values().stream().filter(w -> ready(w, now)).min(ORDER);
    next.ifPresent(
        w ->
            pods.put(
                w.uid(),
                new Waiting(
                    w.uid(), w.priority(), State.IN_CYCLE, w.attempts() + 1, w.queuedAt(), moves)));
    return next.map(Waiting::uid);
  }

  private boolean ready(Waiting w, Instant now) {
    return w.state() == State.ACTIVE || w.state() == State.BACKOFF && !backoffEnds(w).isAfter(now);
  }

  /** The pod fits nowhere: it waits for a move, unless there was one during its cycle. */
  synchronized void unschedulable(String uid, Instant now) {
    Waiting w = pods.get(uid);
    if (w != null) {
      boolean moved = w.cycleStart() != moves;
      pods.put(uid, w.to(moved ? State.BACKOFF : State.UNSCHEDULABLE, now));
    }
  }

  /** The attempt failed for another reason: the pod waits for its backoff. */
  synchronized void failed(String uid, Instant now) {
    pods.computeIfPresent(uid, (id, w) -> w.to(State.BACKOFF, now));
  }

  /** Something changed that may let pods fit: those that fit nowhere are tried again. */
  synchronized void moveAll(Instant now) {
    moves++;
    pods.replaceAll((uid, w) -> w.state() == State.UNSCHEDULABLE ? moved(w, now) : w);
  }

  /** One pod changed: it is tried again, also if it is just being tried. */
  synchronized void move(String uid, Instant now) {
    pods.computeIfPresent(
        uid,
        (id, w) ->
            switch (w.state()) {
              case UNSCHEDULABLE -> moved(w, now);
              case IN_CYCLE ->
                  new Waiting(uid, w.priority(), w.state(), w.attempts(), w.queuedAt(), -1);
              case ACTIVE, BACKOFF -> w;
            });
  }

  /** Moves pods that have been unschedulable for longer than the limit. */
  synchronized void flush(Instant now) {
    pods.replaceAll(
        (uid, w) ->
            w.state() == State.UNSCHEDULABLE && w.queuedAt().plus(limit).isBefore(now)
                ? moved(w, now)
                : w);
  }

  /** Both the backoff and the place in line count from the failure. */
  private Waiting moved(Waiting w, Instant now) {
    return w.to(backoffEnds(w).isAfter(now) ? State.BACKOFF : State.ACTIVE, w.queuedAt());
  }

  private Instant backoffEnds(Waiting w) {
    Duration wait = backoff;
    for (int i = 1; i < w.attempts() && wait.compareTo(maxBackoff) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return w.queuedAt().plus(wait.compareTo(maxBackoff) < 0 ? wait : maxBackoff);
  }

  synchronized Optional<State> state(String uid) {
    return Optional.ofNullable(pods.get(uid)).map(Waiting::state);
  }
}
