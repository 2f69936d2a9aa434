package dev.lamella.deviceplugin;

import java.time.Duration;

/** Waits for an assertion to hold, with a limit that a busy machine keeps. */
public final class Wait {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Wait() {}

  /** A statement that may throw. */
  @FunctionalInterface
  public interface Assertion {
    void check() throws Exception;
  }

  /** Tries until the assertion holds; fails as it failed last. */
  public static void until(Assertion assertion) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        assertion.check();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
      Thread.sleep(10);
    }
  }
}
