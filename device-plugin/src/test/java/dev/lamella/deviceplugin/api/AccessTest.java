package dev.lamella.deviceplugin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways to the API server, over TLS. */
class AccessTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path dir;
  private final List<String> credentials = new CopyOnWriteArrayList<>();
  private HttpsServer server;
  private String authority;

  @BeforeEach
  void serve() throws Exception {
    KeyStore store = selfSigned("server.p12");
    authority = pem(store);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          credentials.add(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private KeyStore selfSigned(String name) throws Exception {
    Path file = dir.resolve(name);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "it",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static String pem(KeyStore store) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(store.getCertificate("it").getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private void get(Access access) throws IOException {
    Request request = new Request.Builder().url(access.server()).build();
    try (Response response = access.http().newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
  }

  private Access pod(String trusted) throws IOException {
    Files.writeString(dir.resolve("ca.crt"), trusted);
    Files.writeString(dir.resolve("token"), "of-the-account\n");
    return Access.ofPod(
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            Integer.toString(server.getAddress().getPort())),
        dir);
  }

  private Path kubeconfig(String cluster, String user) throws IOException {
    return Files.writeString(
        dir.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", %s}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server.getAddress().getPort(), cluster, user));
  }

  @Test
  void aPodGoesByItsServiceAccount() throws Exception {
    get(pod(authority));

    assertThat(credentials).containsExactly("Bearer of-the-account");
  }

  @Test
  void aServerThatItsAuthorityDidNotSignIsNotTrusted() throws Exception {
    Access access = pod(pem(selfSigned("other.p12")));

    assertThatThrownBy(() -> get(access)).isInstanceOf(SSLHandshakeException.class);
    assertThat(credentials).isEmpty();
  }

  @Test
  void outsideOfAClusterItSaysWhatIsMissing() {
    assertThatThrownBy(() -> Access.ofPod(Map.of(), dir))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("KUBERNETES_SERVICE_HOST")
        .hasMessageContaining("--kubeconfig");
  }

  @Test
  void aKubeconfigMayHoldItsAuthorityOrNameItOrTrustAnybody() throws Exception {
    String data = Base64.getEncoder().encodeToString(authority.getBytes("US-ASCII"));
    get(Access.of(kubeconfig("certificate-authority-data: " + data, "token: a")));
    Files.writeString(dir.resolve("ca.pem"), authority);
    get(Access.of(kubeconfig("certificate-authority: ca.pem", "token: b")));
    get(Access.of(kubeconfig("insecure-skip-tls-verify: true", "username: u, password: p")));

    assertThat(credentials)
        .containsExactly(
            "Bearer a",
            "Bearer b",
            "Basic " + Base64.getEncoder().encodeToString("u:p".getBytes("US-ASCII")));
  }
}
