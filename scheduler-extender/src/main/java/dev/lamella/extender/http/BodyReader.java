package dev.lamella.extender.http;

import dev.lamella.extender.wire.Body;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Gathers a request's body as it arrives, holding no thread meanwhile. What it keeps is charged to
 * a budget before it is allocated, and grows with what has come, not with what was announced.
 */
final class BodyReader {

  /** Read past at most, so that a client that is still sending gets to hear why it is refused. */
  private static final long PASSED_OVER_AT_MOST = 256L << 20;

  private static final int FIRST = 8 << 10;

  private final Request request;
  private final BodyBudget budget;
  private final int most;
  private final Listener listener;

  private byte[] bytes = new byte[0];
  private int length;
  private long passedOver;
  private Exchange.Refused refused;
  private boolean ended;

  /** Hears the end, once. */
  interface Listener {
    /** It is all there; its memory is given back by {@link #giveBack}. */
    void whole(Body body);

    /** It will not be taken. */
    void refused(Exchange.Refused why);

    /** The client has gone. */
    void failed(Throwable why);
  }

  BodyReader(Request request, BodyBudget budget, int most, Listener listener) {
    this.request = request;
    this.budget = budget;
    this.most = most;
    this.listener = listener;
  }

  /** Begins to read. */
  void start() {
    if (request.getLength() > most) {
      refused = tooLong();
    }
    read();
  }

  /** Begins to read past it all, to refuse then. */
  void start(Exchange.Refused why) {
    refused = why;
    read();
  }

  /** Ends the reading; what was kept is given back. */
  synchronized void stop() {
    ended = true;
    giveBack();
  }

  /** Gives the memory back. */
  synchronized void giveBack() {
    budget.giveBack(bytes.length);
    bytes = new byte[0];
  }

  private void read() {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this::read);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        if (end()) {
          listener.failed(chunk.getFailure());
        }
        return;
      }
      boolean last = chunk.isLast();
      boolean goOn = take(chunk.getByteBuffer());
      chunk.release();
      if (last || !goOn) {
        finish();
        return;
      }
    }
  }

  private synchronized boolean end() {
    boolean first = !ended;
    ended = true;
    if (first) {
      giveBack();
    }
    return first;
  }

  private void finish() {
    Body body = null;
    synchronized (this) {
      if (ended) {
        return;
      }
      if (refused == null) {
        ended = true;
        body = new Body(bytes, length);
      } else {
        end();
      }
    }
    if (body != null) {
      listener.whole(body);
    } else {
      listener.refused(refused);
    }
  }

  /** Whether more is wanted. */
  private synchronized boolean take(ByteBuffer buffer) {
    if (ended) {
      return false;
    }
    int more = buffer.remaining();
    if (refused == null && length + (long) more > most) {
      refused = tooLong();
    }
    if (refused == null && length + more > bytes.length && !grow(length + more)) {
      refused = new Exchange.Refused(503, "too many large requests at once (limits.maxBodiesMiB)");
    }
    if (refused != null) {
      giveBack();
      passedOver += more;
      return passedOver <= PASSED_OVER_AT_MOST;
    }
    buffer.get(bytes, length, more);
    length += more;
    return true;
  }

  private boolean grow(int needed) {
    long announced = request.getLength() >= 0 ? request.getLength() : most;
    long wanted = Math.max(FIRST, Math.max(needed, bytes.length * 2L));
    int size = (int) Math.max(needed, Math.min(wanted, announced));
    if (!budget.take(size)) {
      return false;
    }
    byte[] larger = Arrays.copyOf(bytes, size);
    budget.giveBack(bytes.length);
    bytes = larger;
    return true;
  }

  private Exchange.Refused tooLong() {
    return new Exchange.Refused(
        413, "the body is longer than " + most + " bytes (limits.maxBodyMiB)");
  }
}
