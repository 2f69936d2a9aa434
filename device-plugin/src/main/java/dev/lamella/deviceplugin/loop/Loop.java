package dev.lamella.deviceplugin.loop;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named daemon thread that takes a step when it is asked to or when the pause that its last step
 * named is over. Requests that come together lead to one step.
 */
public final class Loop implements AutoCloseable {

  /** What is done each time. */
  @FunctionalInterface
  public interface Step {

    /**
     * @return after which time to step again without being asked
     */
    Duration run() throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

  private final Object lock = new Object();
  private final Thread thread;
  private final Step step;
  private long due = System.nanoTime();
  private boolean closed;

  private Loop(String name, Step step) {
    this.step = step;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Starts with a step. */
  public static Loop start(String name, Step step) {
    Loop loop = new Loop(name, step);
    loop.thread.start();
    return loop;
  }

  /** Asks for a step after a delay; an earlier request stands. */
  public void ask(Duration delay) {
    long at = System.nanoTime() + delay.toNanos();
    synchronized (lock) {
      if (at - due < 0) {
        due = at;
        lock.notifyAll();
      }
    }
  }

  /** Asks for a step now. */
  public void ask() {
    ask(Duration.ZERO);
  }

  private void run() {
    try {
      while (await()) {
        ask(stepped());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration stepped() throws InterruptedException {
    try {
      return step.run();
    } catch (RuntimeException e) {
      LOG.error("{} failed and goes on", thread.getName(), e);
      return AFTER_A_FAULT;
    }
  }

  /** Waits until a step is due; false once closed. */
  private boolean await() throws InterruptedException {
    synchronized (lock) {
      long left = due - System.nanoTime();
      while (!closed && left > 0) {
        lock.wait(left / 1_000_000, (int) (left % 1_000_000));
        left = due - System.nanoTime();
      }
      due = System.nanoTime() + Duration.ofDays(1).toNanos();
      return !closed;
    }
  }

  /**
   * Ends the thread; a step that is under way is interrupted and waited for, 1 s at most.
   *
   * @return whether the thread has ended
   */
  public boolean stop() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    thread.interrupt();
    if (thread == Thread.currentThread()) {
      return false;
    }
    try {
      thread.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  @Override
  public void close() {
    stop();
  }
}
