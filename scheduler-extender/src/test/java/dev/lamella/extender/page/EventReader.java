package dev.lamella.extender.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.extender.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Listens to events on a socket of its own, so that it can also stop reading. */
final class EventReader implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Socket socket;
  private final Thread thread;
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final List<Long> times = new CopyOnWriteArrayList<>();
  private final AtomicLong bytes = new AtomicLong();
  private volatile String head = "";
  private volatile String lastId = "";
  private volatile boolean heartbeat;
  private volatile boolean ended;

  /**
   * @param headers whole lines
   */
  EventReader(URI server, String... headers) throws IOException {
    this(server, true, headers);
  }

  /**
   * @param reads whether it reads at all
   */
  EventReader(URI server, boolean reads, String... headers) throws IOException {
    socket = new Socket();
    if (!reads) {
      socket.setReceiveBufferSize(4096);
    }
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    OutputStream out = socket.getOutputStream();
    out.write(
        ("GET /state/events HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n")
            .getBytes(StandardCharsets.UTF_8));
    out.flush();
    thread = new Thread(this::read, "reader");
    thread.setDaemon(true);
    if (reads) {
      thread.start();
    }
  }

  /** Chunks' sizes stand on lines of their own, which no event's line looks like. */
  private void read() {
    StringBuilder text = new StringBuilder();
    byte[] piece = new byte[1 << 16];
    try (InputStream in = socket.getInputStream()) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        bytes.addAndGet(n);
        text.append(new String(piece, 0, n, StandardCharsets.ISO_8859_1));
        for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
          line(text.substring(0, end));
          text.delete(0, end + 1);
        }
      }
    } catch (IOException e) {
      // It has ended.
    }
    ended = true;
  }

  private void line(String line) throws IOException {
    if (line.startsWith("HTTP/1.1")) {
      head = line.strip();
    } else if (line.startsWith("id: ")) {
      lastId = line.substring(4);
    } else if (line.startsWith("data: ")) {
      times.add(System.nanoTime());
      events.add(JSON.readTree(line.substring(6)));
    } else if (line.equals(":")) {
      heartbeat = true;
    } else if (line.startsWith("0\r")) {
      ended = true;
    }
  }

  String status() {
    Await.until("an answer", () -> !head.isEmpty());
    return head;
  }

  /** The event of this number, from 0. */
  JsonNode event(int number) {
    Await.until("event " + number, () -> events.size() > number);
    return events.get(number);
  }

  List<JsonNode> events() {
    return events;
  }

  /** When each came, by System.nanoTime. */
  List<Long> times() {
    return times;
  }

  long bytes() {
    return bytes.get();
  }

  String lastId() {
    return lastId;
  }

  boolean heartbeat() {
    return heartbeat;
  }

  boolean ended() {
    return ended;
  }

  /** Goes without a word. */
  void leave() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    leave();
  }
}
