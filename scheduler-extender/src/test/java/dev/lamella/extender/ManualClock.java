package dev.lamella.extender;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A time of day that goes on, or back, when the one thread of a test says so. */
public final class ManualClock extends Clock {

  private volatile long now = 1_000_000;

  /** Lets so many milliseconds pass. */
  public void pass(long millis) {
    now += millis;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(now);
  }
}
