package dev.lamella.simulator.kube;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition, with a limit that a busy machine keeps. */
public final class Await {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Await() {}

  /**
   * Returns once the condition holds.
   *
   * @param otherwise says what was seen instead
   */
  public static void until(Callable<String> otherwise, Callable<Boolean> condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError(otherwise.call());
        }
        Thread.sleep(10);
      }
    } catch (Exception e) {
      throw new AssertionError("while waiting", e);
    }
  }
}
