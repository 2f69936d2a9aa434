package dev.lamella.extender.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.extender.Await;
import dev.lamella.extender.config.AccessConfig;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.config.Limits;
import dev.lamella.extender.config.TlsConfig;
import dev.lamella.extender.tls.KeyPem;
import dev.lamella.extender.tls.KeyPemFiles;
import dev.lamella.extender.tls.TestCertificates;
import dev.lamella.extender.tls.TestCertificates.Signed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS as kube-scheduler and probes meet it. */
class TlsTest {

  private static final TestCertificates CA = new TestCertificates("CN=ca");
  private static final TestCertificates STRANGER = new TestCertificates("CN=stranger");

  @TempDir Path dir;
  private TestService service;

  @AfterEach
  void stop() {
    if (service != null) {
      service.close();
    }
  }

  private void start(AccessConfig access, boolean clients) throws IOException {
    write(CA.sign("first", "EC"));
    Files.writeString(dir.resolve("ca"), CA.pem());
    Optional<Path> authorities = clients ? Optional.of(dir.resolve("ca")) : Optional.empty();
    ExtenderConfig config =
        new ExtenderConfig(
            null,
            Limits.DEFAULTS,
            new TlsConfig("x", "x", null),
            access,
            null,
            null,
            null,
            null,
            null);
    KeyPemFiles files = new KeyPemFiles(dir.resolve("cert"), dir.resolve("key"), authorities);
    service = new TestService(dir, config, Optional.of(files));
  }

  private void write(Signed signed) throws IOException {
    Files.writeString(dir.resolve("cert"), signed.certificatePem());
    Files.writeString(dir.resolve("key"), signed.traditionalKey());
  }

  private static HttpClient client(Signed shows) {
    return HttpClient.newBuilder().sslContext(CA.client(shows)).build();
  }

  @Test
  void servesHttpsAndPlainHttpIsNotAnswered() throws Exception {
    start(AccessConfig.DEFAULTS, false);

    assertThat(service.server.uri().getScheme()).isEqualTo("https");
    assertThat(service.get(client(null), "/healthz").body()).isEqualTo("ok\n");
    assertThat(service.post(client(null), "/filter", "{}").statusCode()).isEqualTo(400);
    assertThatThrownBy(
            () ->
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + service.server.uri().getPort()))
                            .build(),
                        HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void protocolsBefore12AreRefused() throws Exception {
    start(AccessConfig.DEFAULTS, false);

    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = socket()) {
        socket.setEnabledProtocols(new String[] {protocol});
        socket.startHandshake();
        assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
      }
    }
    try (SSLSocket socket = socket()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void aNewCertificateIsUsedWithoutARestart() throws Exception {
    start(AccessConfig.DEFAULTS, false);
    HttpClient keptAlive = client(null);
    service.get(keptAlive, "/healthz");
    X509Certificate before = shown();

    write(CA.sign("second", "RSA"));

    Await.until("the new one is shown", () -> name(shown()).equals("CN=second"));
    assertThat(name(before)).isEqualTo("CN=first");
    assertThat(service.get(keptAlive, "/healthz").statusCode()).isEqualTo(200);
    assertThat(service.server.tlsTrouble()).isEmpty();
  }

  @Test
  void onesThatCannotBeReadLeaveTheOldOnesInForceAndAreTold() throws Exception {
    start(AccessConfig.DEFAULTS, false);

    Files.writeString(dir.resolve("key"), "nonsense");

    Await.until("it is told", () -> service.server.tlsTrouble().isPresent());
    assertThat(service.server.tlsTrouble().get()).contains("private key");
    assertThat(name(shown())).isEqualTo("CN=first");
    assertThat(service.get(client(null), "/readyz").body())
        .isEqualTo("ok\ntls: " + service.server.tlsTrouble().get() + "\n");
    assertThat(service.metrics())
        .contains("lamella_extender_tls_reload_failed 1.0")
        .contains("lamella_extender_tls_certificate_expiry_seconds ");
    Files.delete(dir.resolve("key"));
    Await.until("so is that", () -> service.server.tlsTrouble().get().contains("cannot be read"));
    write(CA.sign("third", "EC"));
    Await.until("it recovers", () -> service.server.tlsTrouble().isEmpty());
    assertThat(name(shown())).isEqualTo("CN=third");
  }

  @Test
  void verbsMayAskForACertificateOfAGivenName() throws Exception {
    start(
        new AccessConfig("clientCertificate", List.of("system:kube-scheduler"), null, null), true);
    Signed scheduler = CA.sign("system:kube-scheduler", "EC");
    Signed other = CA.sign("other", "EC");

    assertThat(service.post(client(scheduler), "/filter", "{}").body())
        .isEqualTo("/filter: Pod is needed\n");
    HttpResponse<String> wrong = service.post(client(other), "/filter", "{}");
    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(wrong.body()).contains("access.clientNames");
    HttpResponse<String> none = service.post(client(null), "/bind", "{}");
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.body()).contains("a client certificate is needed");
    assertThat(service.get(client(null), "/readyz").statusCode()).as("probes").isEqualTo(200);
    assertThat(service.get(client(null), "/metrics").statusCode()).as("metrics").isEqualTo(200);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNotBelieved() throws Exception {
    start(new AccessConfig("clientCertificate", null, null, null), true);
    HttpClient stranger = client(STRANGER.sign("system:kube-scheduler", "EC"));

    assertThatThrownBy(
            () -> {
              // A client that finds no authority of its own in the server's list shows nothing.
              HttpResponse<String> answer = service.post(stranger, "/filter", "{}");
              throw new IOException("answered " + answer.statusCode());
            })
        .satisfiesAnyOf(
            e -> assertThat(e).hasMessage("answered 401"),
            e -> assertThat(e).isInstanceOf(SSLHandshakeException.class));
  }

  @Test
  void keysThatCannotBeUsedAtTheStartEndIt() throws Exception {
    ExtenderConfig config =
        new ExtenderConfig(
            null,
            null,
            new TlsConfig("x", "x", null),
            AccessConfig.DEFAULTS,
            null,
            null,
            null,
            null,
            null);

    assertThatThrownBy(
            () -> new TestService(dir, config, Optional.of(() -> new KeyPem("", "", ""))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("tls: ");
    assertThatThrownBy(() -> start(new AccessConfig("clientCertificate", null, null, null), false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no client authorities are given");
  }

  private SSLSocket socket() throws IOException {
    SSLContext context = CA.client(null);
    return (SSLSocket)
        context.getSocketFactory().createSocket("127.0.0.1", service.server.uri().getPort());
  }

  private X509Certificate shown() {
    try (SSLSocket socket = socket()) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
