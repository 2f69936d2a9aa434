package dev.lamella.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * An API server as pods find it: by TLS, with a service account's token and the cluster's
 * certificate authority. The bytes go to a server that speaks plain HTTP.
 */
final class InCluster implements AutoCloseable {

  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String PASSWORD = "changeit";

  private final SSLServerSocket door;
  private final URI behind;
  private final Path account;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private InCluster(SSLServerSocket door, URI behind, Path account) {
    this.door = door;
    this.behind = behind;
    this.account = account;
  }

  static InCluster of(URI behind, Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path account = Files.createDirectories(folder.resolve("serviceaccount"));
    Path keys = folder.resolve("keys.p12");
    keytool(keys, "-genkeypair", "-keyalg", "EC", "-dname", "CN=api", "-ext", "san=ip:127.0.0.1");
    keytool(keys, "-exportcert", "-rfc", "-file", account.resolve("ca.crt").toString());
    Files.writeString(account.resolve("token"), "a-token");
    Files.writeString(account.resolve("namespace"), "lamella-system");
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(
        KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    SSLServerSocket door =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    InCluster cluster = new InCluster(door, behind, account);
    cluster.threads.execute(cluster::accept);
    return cluster;
  }

  private static void keytool(Path keys, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "api", "-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", keys.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** What every pod is given. */
  Running.Start seenBy(Running.Start start) throws IOException {
    return start
        .with("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        .with("KUBERNETES_SERVICE_PORT", Integer.toString(door.getLocalPort()))
        .mounting(account, ACCOUNT);
  }

  private void accept() {
    try {
      while (true) {
        join(door.accept());
      }
    } catch (IOException e) {
      // The door has been closed.
    }
  }

  private void join(Socket caller) throws IOException {
    try {
      Socket server = new Socket(behind.getHost(), behind.getPort());
      threads.execute(() -> pump(caller, server));
      threads.execute(() -> pump(server, caller));
    } catch (IOException e) {
      caller.close();
    }
  }

  private static void pump(Socket from, Socket to) {
    // A socket is closed by closing one of its streams.
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] some = new byte[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        out.write(some, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // Either side has hung up.
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    threads.shutdownNow();
  }
}
