package dev.lamella.extender.inspect;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * An API server that lists what it was told and forwards a pod's port, as the real one does over
 * v4.channel.k8s.io: binary frames whose first byte is the channel, of which each begins with the
 * port.
 */
final class ForwardingApi implements AutoCloseable {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final byte DATA = 0;
  private static final byte ERROR = 1;

  private final ServerSocket listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final String pods;
  private final int target;
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param pods the list that it answers
   * @param target the port of this machine that stands for the pod's
   */
  ForwardingApi(String pods, int target) throws IOException {
    this.pods = pods;
    this.target = target;
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Request lines so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "forwarding api");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      String request = line(in);
      requests.add(request);
      String key = "";
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        if (header.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
          key = header.substring(header.indexOf(':') + 1).trim();
        }
      }
      if (request.contains("/portforward")) {
        forward(socket, key);
      } else {
        answer(socket.getOutputStream());
      }
    } catch (IOException | GeneralSecurityException e) {
      // The client has gone.
    }
  }

  private void answer(OutputStream out) throws IOException {
    byte[] body = pods.getBytes(StandardCharsets.UTF_8);
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: %d\r\n\r\n".formatted(body.length))
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  private void forward(Socket socket, String key) throws IOException, GeneralSecurityException {
    byte[] sha =
        MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
    OutputStream out = socket.getOutputStream();
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\nSec-WebSocket-Accept: %s\r\n\r\n"
                    .formatted(Base64.getEncoder().encodeToString(sha)))
            .getBytes(StandardCharsets.US_ASCII));
    byte[] port = {(byte) 8888, (byte) (8888 >> 8)};
    send(out, DATA, port, 2);
    send(out, ERROR, port, 2);
    try (Socket pod = new Socket(InetAddress.getLoopbackAddress(), target)) {
      start(() -> fromPod(pod, out));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (byte[] frame = frame(in); frame != null; frame = frame(in)) {
        if (frame.length > 0 && frame[0] == DATA) {
          pod.getOutputStream().write(frame, 1, frame.length - 1);
        }
      }
    }
  }

  private static void fromPod(Socket pod, OutputStream out) {
    byte[] piece = new byte[100];
    try {
      InputStream in = pod.getInputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        send(out, DATA, piece, read);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static synchronized void send(OutputStream out, byte channel, byte[] bytes, int length)
      throws IOException {
    out.write(0x82);
    out.write(length + 1);
    out.write(channel);
    out.write(bytes, 0, length);
    out.flush();
  }

  /** The payload of a frame; null when the client closes. */
  private static byte[] frame(DataInputStream in) throws IOException {
    try {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte() & 0x7f;
      length = length == 126 ? in.readUnsignedShort() : length;
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      return (first & 0x0f) == 8 ? null : payload;
    } catch (EOFException e) {
      return null;
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
