package dev.lamella.deviceplugin.loop;

import java.time.Duration;

/** Pauses that double from a least to a most while things fail. For one thread. */
public final class Backoff {

  private final Duration least;
  private final Duration most;
  private Duration next;

  public Backoff(Duration least, Duration most) {
    this.least = least;
    this.most = most;
    this.next = least;
  }

  /** The pause after one more failure. */
  public Duration failed() {
    Duration pause = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(most) > 0 ? most : doubled;
    return pause;
  }

  /** Something worked: the next failure starts small again. */
  public void worked() {
    next = least;
  }
}
