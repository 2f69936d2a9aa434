package dev.lamella.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;

/** One connection through a {@link Proxy}. */
final class ProxyLink {

  /** A binding or a report is larger than this. It is TLS: a read is told by being smaller. */
  private static final int WRITE_BYTES = 400;

  /** After the handshake and the first request, which alone carries the whole token (HTTP/2). */
  private static final int STANDS_BYTES = 1_800;

  /** A server has answered a write by then, even a busy one. */
  private static final long ANSWERED_MILLIS = 300;

  /** TLS: the record is application data, not a handshake. */
  private static final int DATA = 23;

  private final Proxy proxy;
  private final Socket client;
  private final Socket server;
  private volatile boolean mute;

  ProxyLink(Proxy proxy, Socket client, Socket server) throws IOException {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
  }

  /** Returns when either side has ended. */
  void run() {
    Proxy.thread(() -> copy(client, server));
    copy(server, client);
  }

  void cut() {
    close(client);
    close(server);
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16_384];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        Thread.sleep(proxy.delay().toMillis());
        if (from == client) {
          boolean write = buffer[0] == DATA && n > WRITE_BYTES && passed > STANDS_BYTES;
          mute |= write && proxy.losesNext();
          passed += n;
          out.write(buffer, 0, n);
          endIfMute();
        } else if (!mute) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // Either side was closed: so is the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      cut();
    }
  }

  /** The request has gone; its answer comes, is dropped, and the connection is cut. */
  private void endIfMute() throws InterruptedException {
    if (mute) {
      Thread.sleep(ANSWERED_MILLIS);
      cut();
    }
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
