package dev.lamella.simulator.apiserver;

import java.time.Duration;

/**
 * One thing that goes wrong with one request.
 *
 * @param delay first, wait this long
 * @param status then answer this HTTP status; 0 goes on as usual, {@link #HANG_UP} closes the
 *     connection without an answer
 * @param retryAfterSeconds said along with the status; 0 for nothing
 */
public record Fault(Duration delay, int status, int retryAfterSeconds) {

  /** The status that stands for a closed connection. */
  public static final int HANG_UP = -1;

  /** All is well. */
  public static final Fault NONE = new Fault(Duration.ZERO, 0, 0);

  public Fault {
    if (delay.isNegative() || status < HANG_UP || status > 599) {
      throw new IllegalArgumentException("delay %s, status %d".formatted(delay, status));
    }
  }

  public static Fault delay(Duration delay) {
    return new Fault(delay, 0, 0);
  }

  public static Fault fail(int status) {
    return new Fault(Duration.ZERO, status, 0);
  }

  /** Too many requests: 429 with Retry-After. */
  public static Fault busy(int retryAfterSeconds) {
    return new Fault(Duration.ZERO, 429, retryAfterSeconds);
  }

  public static Fault hangUp() {
    return new Fault(Duration.ZERO, HANG_UP, 0);
  }
}
