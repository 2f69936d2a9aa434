package dev.lamella.extender.inspect;

import io.kubernetes.client.PortForward;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** A port of this machine that leads to a port of a pod, through the API server. */
final class Tunnel implements AutoCloseable {

  private final ApiClient client;
  private final String namespace;
  private final String pod;
  private final int port;
  private final ServerSocket listening;

  private Tunnel(ApiClient client, String namespace, String pod, int port) throws IOException {
    this.client = client;
    this.namespace = namespace;
    this.pod = pod;
    this.port = port;
    this.listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  }

  static Tunnel open(ApiClient client, String namespace, String pod, int port) throws IOException {
    Tunnel tunnel = new Tunnel(client, namespace, pod, port);
    daemon(tunnel::accept);
    return tunnel;
  }

  int localPort() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        daemon(() -> forward(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Ends when either side does: the client then sees its connection closed. */
  private void forward(Socket socket) {
    try (socket;
        PortForward.PortForwardResult pipe =
            new PortForward(client).forward(namespace, pod, List.of(port))) {
      InputStream fromPod = pipe.getInputStream(port);
      OutputStream toPod = pipe.getOutboundStream(port);
      daemon(() -> pump(socket, toPod));
      fromPod.transferTo(socket.getOutputStream());
    } catch (IOException | ApiException e) {
      // The socket is closed by now; whoever uses the tunnel reports that.
    }
  }

  private static void pump(Socket from, OutputStream to) {
    byte[] piece = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        to.write(piece, 0, read);
        to.flush();
      }
    } catch (IOException e) {
      // As above.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "tunnel");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
