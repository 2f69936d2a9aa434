package dev.lamella.extender.http;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer that goes on, piece by piece, while no thread waits for its reader. One piece is on its
 * way at a time.
 */
public final class Outflow {

  private final Response response;
  private final Callback callback;
  private final AtomicBoolean ended = new AtomicBoolean();

  Outflow(Response response, Callback callback) {
    this.response = response;
    this.callback = callback;
  }

  /**
   * Sends a piece.
   *
   * @param sent when the connection has taken it; by any thread, the caller's too
   * @param failed when it has not, because the reader is gone or the time is up; then all is over
   */
  public void send(byte[] piece, Runnable sent, Consumer<Throwable> failed) {
    response.write(
        false,
        ByteBuffer.wrap(piece),
        Callback.from(
            sent,
            failure -> {
              abort(failure);
              failed.accept(failure);
            }));
  }

  /** Ends the answer as whole; not while a piece is on its way. */
  public void end() {
    if (ended.compareAndSet(false, true)) {
      response.write(true, null, callback);
    }
  }

  /** Breaks the connection, also while a piece is on its way. */
  public void abort(Throwable why) {
    if (ended.compareAndSet(false, true)) {
      callback.failed(why);
    }
  }
}
