package dev.lamella.extender.page;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Listens to events and only counts them: reading them costs more than making them. */
final class EventCounter implements AutoCloseable {

  private static final String ID = "\nid: ";

  private final Socket socket;
  private volatile int events;
  private volatile long bytes;

  /**
   * @param headers whole lines
   */
  EventCounter(URI server, String... headers) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    socket
        .getOutputStream()
        .write(
            ("GET /state/events HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
    Thread thread = new Thread(this::read, "counter");
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    byte[] piece = new byte[1 << 16];
    int matched = 0;
    int count = 0;
    long length = 0;
    try (InputStream in = socket.getInputStream()) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        for (int i = 0; i < n; i++) {
          matched = piece[i] == ID.charAt(matched) ? matched + 1 : piece[i] == '\n' ? 1 : 0;
          if (matched == ID.length()) {
            count++;
            matched = 0;
          }
        }
        length += n;
        bytes = length;
        events = count;
      }
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** Events that end a change. */
  int events() {
    return events;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
