package dev.lamella.extender.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import dev.lamella.extender.StandInApi;
import dev.lamella.extender.access.Guard;
import dev.lamella.extender.certificates.CertificateKeeper;
import dev.lamella.extender.config.CertificatesConfig;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.config.WebhookConfig;
import dev.lamella.extender.http.ExtenderServer;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.tls.KeyPem;
import io.prometheus.client.CollectorRegistry;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real server with certificates of its own making, asked as the API server asks. */
class MutateEndpointTest {

  private static final String SECRETS = "/api/v1/namespaces/ns/secrets";
  private static final String REVIEW =
      """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"r1",
       "resource":{"group":"","version":"v1","resource":"pods"},"namespace":"team",
       "operation":"CREATE","object":{"metadata":{"name":"p"},"spec":{"containers":[{"name":"main",
       "resources":{"limits":{"nvidia.com/mig-1g.5gb":"1"}}}]}},"oldObject":null}}
      """;

  @TempDir Path dir;
  private final JsonMapper json = new JsonMapper();
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final CollectorRegistry registry = new CollectorRegistry();
  private WholeSlices rule = WholeSlices.REWRITE;
  private StandInApi api;
  private KubeApi kube;
  private KeyPem keys;
  private ExtenderServer server;

  @BeforeEach
  void start() throws Exception {
    api = new StandInApi();
    api.on("GET " + SECRETS + "/tls", 404, "{}").on("POST " + SECRETS, 201, "{}");
    kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
    CertificatesConfig config =
        new CertificatesConfig("tls", "ns", List.of("127.0.0.1"), null, null);
    try (CertificateKeeper keeper = CertificateKeeper.start(kube, config, Clock.systemUTC())) {
      keys = keeper.get();
    }
    MutateEndpoint endpoint =
        new MutateEndpoint(this::tenant, ready::get, WebhookConfig.DEFAULTS, registry);
    server =
        ExtenderServer.start(
            new InetSocketAddress("127.0.0.1", 0),
            ExtenderConfig.DEFAULTS,
            List.of(endpoint),
            ExtenderServer.Surroundings.of(Guard.open(), Optional.of(() -> keys), registry));
  }

  private Tenant tenant(String namespace) {
    return new Tenant(
        "of-" + namespace,
        NamespaceClaim.byName(namespace),
        TenantClass.BEST_EFFORT,
        0,
        "default",
        rule,
        Quota.NONE);
  }

  @AfterEach
  void stop() {
    server.close();
    kube.close();
    api.close();
  }

  @Test
  void aRewriteIsAPatchWithAWarning() throws Exception {
    JsonNode response = answer(REVIEW);

    assertThat(response.path("uid").asText()).isEqualTo("r1");
    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
    assertThat(
            new String(
                Base64.getDecoder().decode(response.path("patch").asText()),
                StandardCharsets.UTF_8))
        .isEqualTo(
            "[{\"op\":\"remove\",\"path\":"
                + "\"/spec/containers/0/resources/limits/nvidia.com~1mig-1g.5gb\"},"
                + "{\"op\":\"add\",\"path\":"
                + "\"/spec/containers/0/resources/limits/nvidia.com~1mig-1g.5gb.shared\","
                + "\"value\":\"1\"}]");
    assertThat(response.path("warnings").get(0).asText()).startsWith("tenant of-team gets shares");
  }

  @Test
  void aRefusalIsForbiddenAndSaysWhy() throws Exception {
    rule = WholeSlices.REFUSE;
    JsonNode response = answer(REVIEW);

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.at("/status/code").asInt()).isEqualTo(403);
    assertThat(response.at("/status/message").asText())
        .isEqualTo(
            "tenant of-team gets shares, not whole slices: container main asks for"
                + " nvidia.com/mig-1g.5gb, ask for nvidia.com/mig-1g.5gb.shared");
    assertThat(response.has("patch")).isFalse();
    assertThat(
            registry.getSampleValue(
                "lamella_extender_admissions_total",
                new String[] {"outcome"},
                new String[] {"refused"}))
        .isEqualTo(1.0);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"operation\":\"CREATE\"',   '\"operation\":\"UPDATE\"'",
    "'\"resource\":\"pods\"',      '\"resource\":\"services\"'",
    "'\"uid\":\"r1\"',             '\"uid\":\"r1\",\"subResource\":\"status\"'",
    "nvidia.com/mig-1g.5gb,        example.com/other",
  })
  void whatIsNoPodThatAsksIsAllowedAsItIsEvenBeforeTenantsAreSeen(String from, String to)
      throws Exception {
    ready.set(false);
    rule = WholeSlices.REFUSE;

    assertThat(answer(REVIEW.replace(from, to)))
        .isEqualTo(json.readTree("{\"uid\":\"r1\",\"allowed\":true}"));
  }

  @Test
  void beforeTenantsAreSeenPodsThatAskAreNotAnswered() throws Exception {
    ready.set(false);
    HttpResponse<String> answer = post(REVIEW);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("has not seen the tenants yet");
  }

  @ParameterizedTest
  @CsvSource({
    "admission.k8s.io/v1,          v2,          'apiVersion is \"v2\", expected admission.k8s.io/v1'",
    "AdmissionReview,              Pod,         'kind is \"Pod\", expected AdmissionReview'",
    "r1,                           '',          request.uid is empty",
    "'\"object\":',                '\"x\":',    request.object is missing",
    "'\"namespace\":\"team\"',     '\"x\":1',   request.namespace is empty",
    "'{\"apiVersion\"',            '[{\"a\"',   ''",
  })
  void whatIsNoReviewIsRefusedNamingTheField(String from, String to, String message)
      throws Exception {
    HttpResponse<String> answer = post(REVIEW.replace(from, to));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(message);
  }

  @Test
  void aReviewThatWouldFillTheMemoryIsNotReadToItsEnd() throws Exception {
    String many = REVIEW.replace("\"oldObject\":null", "\"x\":[" + "{},".repeat(150_000) + "{}]");
    String deep = REVIEW.replace("\"oldObject\":null", "\"x\":" + "[".repeat(5_000));

    assertThat(post(many).statusCode()).isEqualTo(400);
    assertThat(post(deep).statusCode()).isEqualTo(400);
    assertThat(post(REVIEW + " ".repeat(5 << 20)).statusCode()).isEqualTo(413);
  }

  @Test
  void whoDoesNotKnowTheAuthorityDoesNotBelieveIt() {
    HttpClient stranger = HttpClient.newHttpClient();

    Assertions.assertThatThrownBy(
            () -> stranger.send(request(REVIEW), HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  private JsonNode answer(String body) throws Exception {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode review = json.readTree(answer.body());
    assertThat(review.path("kind").asText()).isEqualTo("AdmissionReview");
    assertThat(review.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
    return review.path("response");
  }

  private HttpResponse<String> post(String body) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(believing()).build();
    return client.send(request(body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String body) {
    return HttpRequest.newBuilder(URI.create(server.uri() + "/mutate?timeout=5s"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private SSLContext believing() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    String pem = keys.clientAuthorities();
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8))));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
