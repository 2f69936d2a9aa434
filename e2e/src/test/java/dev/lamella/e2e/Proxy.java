package dev.lamella.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;

/**
 * A port that leads to whichever port is named at the moment, as a Service does: a connection that
 * stands stays where it is.
 */
final class Proxy implements AutoCloseable {

  private final ServerSocket listening;
  private final Callable<Integer> target;

  private Proxy(ServerSocket listening, Callable<Integer> target) {
    this.listening = listening;
    this.target = target;
  }

  /**
   * Starts to listen.
   *
   * @param target asked for each connection; if it throws, the connection is closed
   */
  static Proxy start(Callable<Integer> target) throws IOException {
    Proxy proxy = new Proxy(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), target);
    thread(proxy::accept);
    return proxy;
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        thread(() -> connect(client));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket("127.0.0.1", target.call());
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      thread(() -> copy(client, server));
      copy(server, client);
    } catch (Exception e) {
      close(client);
    }
  }

  private static void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16_384];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // Either side was closed: so is the other.
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
