package dev.lamella.extender.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.extender.StandInApi;
import dev.lamella.extender.config.CertificatesConfig;
import dev.lamella.extender.kube.KubeApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateKeeperTest {

  private static final String SECRETS = "/api/v1/namespaces/ns/secrets";
  private static final String SECRET = SECRETS + "/tls";
  private static final String WEBHOOK =
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/w";
  private static final List<String> NAMES = List.of("x.ns.svc");

  @TempDir Path dir;
  private final Clock clock = Clock.fixed(Instant.parse("2026-11-22T03:00:00Z"), ZoneOffset.UTC);
  private final JsonMapper json = new JsonMapper();
  private StandInApi api;
  private KubeApi kube;
  private CertificateKeeper keeper;

  @BeforeEach
  void start() throws IOException {
    api = new StandInApi();
    kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
    keeper = keeper("");
  }

  private CertificateKeeper keeper(String webhookConfiguration) {
    return new CertificateKeeper(
        kube,
        "ns",
        new CertificatesConfig("tls", "ns", NAMES, webhookConfiguration, null),
        clock,
        new SecureRandom());
  }

  @AfterEach
  void stop() {
    keeper.close();
    kube.close();
    api.close();
  }

  @Test
  void anEmptySecretIsFilledAgainstItsVersion() throws Exception {
    api.on("GET " + SECRET, 200, "{\"metadata\":{\"name\":\"tls\",\"resourceVersion\":\"7\"}}");
    api.on("PATCH " + SECRET, 200, "{}");
    keeper.tick();

    JsonNode written = written("PATCH " + SECRET);
    assertThat(written.at("/metadata/resourceVersion").asText()).isEqualTo("7");
    assertThat(decoded(written.at("/data"))).containsKeys("ca.key", "client.crt", "client.key");
    assertThat(decoded(written.at("/data")).get("tls.crt"))
        .isEqualTo(keeper.get().certificateChain());
    assertThat(decoded(written.at("/data")).get("tls.key")).isEqualTo(keeper.get().privateKey());
    assertThat(decoded(written.at("/data")).get("ca.crt"))
        .isEqualTo(keeper.get().clientAuthorities());
  }

  @Test
  void aMissingSecretIsMade() throws Exception {
    api.on("GET " + SECRET, 404, "{}").on("POST " + SECRETS, 201, "{}");
    keeper.tick();

    assertThat(written("POST " + SECRETS).at("/metadata/name").asText()).isEqualTo("tls");
  }

  @Test
  void whoLosesTheRaceTakesWhatTheWinnerWrote() throws Exception {
    CertificateSet winners =
        new CertificateSet(Map.of()).renewed(NAMES, clock.instant(), new SecureRandom());
    api.on("GET " + SECRET, 200, "{\"metadata\":{\"resourceVersion\":\"7\"}}");
    api.on("GET " + SECRET, 200, secret("8", winners));
    api.on("PATCH " + SECRET, 409, "{}");
    keeper.tick();

    assertThat(keeper.get()).isEqualTo(winners.keyPem());
    assertThat(api.requests().stream().filter(r -> r.startsWith("PATCH"))).hasSize(1);
  }

  @Test
  void whatIsFreshIsReadAndNotWritten() throws Exception {
    CertificateSet fresh =
        new CertificateSet(Map.of()).renewed(NAMES, clock.instant(), new SecureRandom());
    api.on("GET " + SECRET, 200, secret("8", fresh));
    keeper.tick();

    assertThat(keeper.get()).isEqualTo(fresh.keyPem());
    assertThat(api.requests()).hasSize(1);
  }

  @Test
  void theWebhooksBundleIsKeptUpAndTheRestOfItStays() throws Exception {
    CertificateSet fresh =
        new CertificateSet(Map.of()).renewed(NAMES, clock.instant(), new SecureRandom());
    api.on("GET " + SECRET, 200, secret("8", fresh));
    api.on(
        "GET " + WEBHOOK,
        200,
        "{\"metadata\":{\"resourceVersion\":\"3\"},\"webhooks\":[{\"name\":\"other\","
            + "\"clientConfig\":{\"caBundle\":\"eA==\"}},{\"name\":\"pods.lamella.dev\","
            + "\"clientConfig\":{\"service\":{\"name\":\"s\"}},\"failurePolicy\":\"Fail\"}]}");
    api.on("PATCH " + WEBHOOK, 200, "{}");
    keeper = keeper("w");
    keeper.tick();

    JsonNode written = written("PATCH " + WEBHOOK);
    assertThat(written.at("/metadata/resourceVersion").asText()).isEqualTo("3");
    assertThat(written.at("/webhooks/0/clientConfig/caBundle").asText()).isEqualTo("eA==");
    assertThat(written.at("/webhooks/1/failurePolicy").asText()).isEqualTo("Fail");
    assertThat(decoded(written.at("/webhooks/1/clientConfig/caBundle").asText()))
        .isEqualTo(fresh.authorities());
  }

  @Test
  void whatTheApiServerRefusesIsNamed() {
    api.on("GET " + SECRET, 403, "{}");

    assertThatThrownBy(() -> keeper.tick()).hasMessage("secret ns/tls: 403");
  }

  private JsonNode written(String start) throws IOException {
    String request =
        api.requests().stream().filter(r -> r.startsWith(start + " ")).findFirst().orElseThrow();
    return json.readTree(request.substring(start.length() + 1));
  }

  private String secret(String version, CertificateSet set) throws IOException {
    Map<String, String> data = new TreeMap<>();
    set.texts()
        .forEach(
            (key, text) ->
                data.put(
                    key,
                    Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return json.writeValueAsString(
        Map.of("metadata", Map.of("resourceVersion", version), "data", data));
  }

  private static Map<String, String> decoded(JsonNode data) {
    Map<String, String> texts = new TreeMap<>();
    data.properties().forEach(e -> texts.put(e.getKey(), decoded(e.getValue().asText())));
    return texts;
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
