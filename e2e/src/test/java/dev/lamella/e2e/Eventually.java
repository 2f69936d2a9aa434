package dev.lamella.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits, with a limit, for what a cluster does in its own time. */
final class Eventually {

  /** A node says what it has every ten seconds, and the machine may be busy. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final long PAUSE_MILLIS = 50;

  private Eventually() {}

  /** An assertion, or a request that may yet fail. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /** Tries until it does not throw; after a minute throws what it threw last. */
  static void succeeds(String what, Step step) throws Exception {
    yields(
        what,
        () -> {
          step.run();
          return true;
        });
  }

  /** As {@link #succeeds}, with a result. */
  static <T> T yields(String what, Callable<T> step) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        return step.call();
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception | AssertionError e) {
        if (System.nanoTime() > end) {
          throw new AssertionError(
              "%s: not within %d s: %s".formatted(what, LIMIT.toSeconds(), e.getMessage()), e);
        }
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }
}
