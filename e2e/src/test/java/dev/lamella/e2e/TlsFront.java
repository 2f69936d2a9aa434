package dev.lamella.e2e;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Takes TLS off connections and hands them on to a port of this machine. */
final class TlsFront implements AutoCloseable {

  private static final char[] NO_PASSWORD = new char[0];

  private final SSLServerSocket server;
  private final int backend;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread made = new Thread(task, "tls-front");
            made.setDaemon(true);
            return made;
          });

  private TlsFront(SSLServerSocket server, int backend) {
    this.server = server;
    this.backend = backend;
  }

  /**
   * @param port of the loopback interface to listen on
   * @param certificate PEM
   * @param key PEM, PKCS#8, of an elliptic curve
   * @param backend the port to hand on to
   */
  static TlsFront start(int port, String certificate, String key, int backend)
      throws IOException, GeneralSecurityException {
    SSLServerSocket socket =
        (SSLServerSocket)
            context(certificate, key)
                .getServerSocketFactory()
                .createServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    TlsFront front = new TlsFront(socket, backend);
    front.threads.execute(front::accept);
    return front;
  }

  private static SSLContext context(String certificate, String key)
      throws IOException, GeneralSecurityException {
    byte[] pkcs8 = Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", "").strip());
    PrivateKey read = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8)))
            .toArray(Certificate[]::new);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, NO_PASSWORD);
    keys.setKeyEntry("server", read, NO_PASSWORD, chain);
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket behind = new Socket(InetAddress.getByName("127.0.0.1"), backend);
        open.add(client);
        open.add(behind);
        threads.execute(() -> pump(client, behind));
        threads.execute(() -> pump(behind, client));
      } catch (IOException e) {
        // Closed, or one client that did not come through: the next one may.
      }
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // Either side has hung up, which ends both.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Closeable each : open) {
      each.close();
    }
    threads.shutdownNow();
  }
}
