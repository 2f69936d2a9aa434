package dev.lamella.simulator.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be closed, the latest first. Several threads may add and close. */
final class Closing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean closed;

  /**
   * Adds something that was just opened.
   *
   * @throws DemoFailed if all is closed already; then so is this
   */
  <T extends AutoCloseable> T add(T opened) {
    synchronized (this) {
      if (!closed) {
        open.push(opened);
        return opened;
      }
    }
    close(opened);
    throw new DemoFailed("stopped");
  }

  /** Closes everything, whatever goes wrong with one of them. */
  @Override
  public synchronized void close() {
    closed = true;
    while (!open.isEmpty()) {
      close(open.pop());
    }
  }

  private static void close(AutoCloseable opened) {
    try {
      opened.close();
    } catch (Exception e) {
      LOG.warn("{} did not close", opened.getClass().getSimpleName(), e);
    }
  }
}
