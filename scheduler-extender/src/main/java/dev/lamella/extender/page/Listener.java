package dev.lamella.extender.page;

import dev.lamella.core.explain.Viewer;
import dev.lamella.extender.http.Outflow;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
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
  private final long bornAt;
  private long seen;
  private long sentAt;
  private boolean busy;
  private boolean over;

  /** Writes an event down. */
  @FunctionalInterface
  interface Events {
    byte[] of(Frame frame, long since, int part, Viewer viewer);
  }

  /**
   * @param seen the frame that it has
   * @param work where events are put together
   * @param now in milliseconds, of any clock that only goes forward
   */
  Listener(
      Outflow outflow,
      Viewer viewer,
      long seen,
      Events events,
      Executor work,
      Pace pace,
      long now) {
    this.outflow = outflow;
    this.viewer = viewer;
    this.seen = seen;
    this.events = events;
    this.work = work;
    this.pace = pace;
    this.bornAt = now;
    this.sentAt = now;
  }

  /** Whether it is gone. */
  synchronized boolean over() {
    return over;
  }

  /** Sends what there is to send, if it can take it; called again and again. */
  synchronized void attend(Frame frame, long now) {
    if (over) {
      return;
    }
    if (busy) {
      if (now - sentAt > pace.slowMillis()) {
        drop(new TimeoutException("an event was on its way for too long"));
      }
    } else if (now - bornAt > pace.listenMillis()) {
      over = true;
      outflow.end();
    } else if (frame.number() > seen) {
      busy = true;
      sentAt = now;
      work.execute(() -> send(frame, 0, now));
    } else if (now - sentAt > pace.heartbeatMillis()) {
      busy = true;
      sentAt = now;
      outflow.send(HEARTBEAT, this::rest, this::drop);
    }
  }

  private void send(Frame frame, int part, long now) {
    try {
      byte[] event = events.of(frame, seen, part, viewer);
      synchronized (this) {
        if (over) {
          return;
        }
        sentAt = now;
      }
      outflow.send(event, () -> sent(frame, part, now), this::drop);
    } catch (RuntimeException e) {
      LOG.warn("a listener is not told any more: {}", e.toString());
      drop(e);
    }
  }

  private void sent(Frame frame, int part, long now) {
    if (part + 1 < frame.parts(seen)) {
      work.execute(() -> send(frame, part + 1, now));
    } else {
      synchronized (this) {
        seen = frame.number();
      }
      rest();
    }
  }

  private synchronized void rest() {
    busy = false;
  }

  /** Breaks the connection. */
  synchronized void drop(Throwable why) {
    over = true;
    outflow.abort(why);
  }
}
