package dev.lamella.extender.page;

import dev.lamella.core.explain.Viewer;
import dev.lamella.extender.http.Outflow;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody who is sent events. While one is on its way nothing else is done for it: what changes
 * meanwhile is in the next. It has a part of a thread only while an event is put together.
 */
final class Listener {

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final Outflow outflow;
  private final Viewer viewer;
  private final Events events;
  private final Executor work;
  private final Pace pace;
  private final LongSupplier clock;
  private final long bornAt;
  private long seen;
  private long sentAt;
  private boolean busy;
  private boolean onItsWay;
  private boolean over;

  /** Writes an event down. */
  @FunctionalInterface
  interface Events {
    byte[] of(Frame frame, long since, int part, Viewer viewer);
  }

  /**
   * @param seen the frame that it has
   * @param work where events are put together
   * @param clock in milliseconds, any that only goes forward
   */
  Listener(
      Outflow outflow,
      Viewer viewer,
      long seen,
      Events events,
      Executor work,
      Pace pace,
      LongSupplier clock) {
    this.outflow = outflow;
    this.viewer = viewer;
    this.seen = seen;
    this.events = events;
    this.work = work;
    this.pace = pace;
    this.clock = clock;
    this.bornAt = clock.getAsLong();
    this.sentAt = bornAt;
  }

  /** Whether it is gone. */
  synchronized boolean over() {
    return over;
  }

  /** Sends what there is to send, if it can take it; called again and again. */
  synchronized void attend(Frame frame) {
    long now = clock.getAsLong();
    if (over) {
      return;
    }
    if (busy) {
      if (onItsWay && now - sentAt > pace.slowMillis()) {
        drop(new TimeoutException("an event was on its way for too long"));
      }
    } else if (now - bornAt > pace.listenMillis()) {
      over = true;
      outflow.end();
    } else if (frame.number() > seen) {
      busy = true;
      long since = seen;
      work.execute(() -> send(frame, since, 0));
    } else if (now - sentAt > pace.heartbeatMillis()) {
      busy = true;
      send(HEARTBEAT, this::rest);
    }
  }

  private void send(Frame frame, long since, int part) {
    try {
      send(events.of(frame, since, part, viewer), () -> sent(frame, since, part));
    } catch (RuntimeException e) {
      LOG.warn("a listener is not told any more: {}", e.toString());
      drop(e);
    }
  }

  private void send(byte[] event, Runnable sent) {
    synchronized (this) {
      if (over) {
        return;
      }
      onItsWay = true;
      sentAt = clock.getAsLong();
    }
    outflow.send(event, sent, this::drop);
  }

  private void sent(Frame frame, long since, int part) {
    synchronized (this) {
      onItsWay = false;
    }
    if (part + 1 < frame.parts(since)) {
      work.execute(() -> send(frame, since, part + 1));
    } else {
      synchronized (this) {
        seen = frame.number();
      }
      rest();
    }
  }

  private synchronized void rest() {
    onItsWay = false;
    busy = false;
  }

  /** Breaks the connection. */
  synchronized void drop(Throwable why) {
    over = true;
    outflow.abort(why);
  }
}
