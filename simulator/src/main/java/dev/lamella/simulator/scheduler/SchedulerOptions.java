package dev.lamella.simulator.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a scheduler works.
 *
 * @param schedulerName pods that name it are scheduled
 * @param extender asked about pods that want its resources
 * @param backoff how long a pod waits after its first failure; doubles with each
 * @param maxBackoff the longest such wait
 * @param unschedulableLimit how long a pod that fits nowhere waits for something to change
 * @param flushPeriod how often that limit is looked at
 * @param seed breaks ties between nodes
 * @param clock tells the time of all the above
 */
public record SchedulerOptions(
    String schedulerName,
    Optional<ExtenderOptions> extender,
    Duration backoff,
    Duration maxBackoff,
    Duration unschedulableLimit,
    Duration flushPeriod,
    long seed,
    Clock clock) {

  public SchedulerOptions {
    Objects.requireNonNull(schedulerName, "schedulerName");
    Objects.requireNonNull(extender, "extender");
    Objects.requireNonNull(clock, "clock");
    if (backoff.isNegative() || maxBackoff.compareTo(backoff) < 0) {
      throw new IllegalArgumentException(
          "maxBackoff is " + maxBackoff + ", expected at least backoff, " + backoff);
    }
  }

  /** kube-scheduler's own, without an extender. */
  public static SchedulerOptions defaults() {
    return new SchedulerOptions(
        "default-scheduler",
        Optional.empty(),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(30),
        1,
        Clock.systemUTC());
  }

  public SchedulerOptions withExtender(ExtenderOptions other) {
    return new SchedulerOptions(
        schedulerName,
        Optional.of(other),
        backoff,
        maxBackoff,
        unschedulableLimit,
        flushPeriod,
        seed,
        clock);
  }

  public SchedulerOptions withBackoff(Duration initial, Duration max) {
    return new SchedulerOptions(
        schedulerName, extender, initial, max, unschedulableLimit, flushPeriod, seed, clock);
  }

  public SchedulerOptions withSeed(long other) {
    return new SchedulerOptions(
        schedulerName,
        extender,
        backoff,
        maxBackoff,
        unschedulableLimit,
        flushPeriod,
        other,
        clock);
  }
}
