package dev.lamella.extender.log;

import java.util.logging.LogManager;

/**
 * Keeps logging while the JVM shuts down. The JDK's own closes every handler as soon as a signal
 * comes, and what is said of the last binds would be lost. It is chosen by the system property
 * {@code java.util.logging.manager}, before this class is initialized: its parent reads it then.
 */
public final class LastingLogManager extends LogManager {

  @Override
  public void reset() {
    if (!shuttingDown()) {
      super.reset();
    }
  }

  private static boolean shuttingDown() {
    Thread probe = new Thread(() -> {}, "probe");
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
