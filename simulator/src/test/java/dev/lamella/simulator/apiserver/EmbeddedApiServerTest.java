package dev.lamella.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is the embedded server's own, beside the contract. */
class EmbeddedApiServerTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final Duration LIMIT = Duration.ofSeconds(25);

  private final AtomicReference<Faults> faults = new AtomicReference<>(Faults.NONE);
  private final HttpClient http = HttpClient.newHttpClient();
  private EmbeddedApiServer server =
      EmbeddedApiServer.start(
          ApiServerOptions.defaults().withHistory(4).withSeed(7).withFaults(new Current()));

  /** Lets a test choose its faults after the server has started. */
  private final class Current implements Faults {
    @Override
    public Fault before(Call call) {
      return faults.get().before(call);
    }

    @Override
    public Fault after(Call call) {
      return faults.get().after(call);
    }

    @Override
    public Duration watchLag(Call call) {
      return faults.get().watchLag(call);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void startsWithTheUsualNamespaces() throws Exception {
    assertThat(names(send("GET", "/api/v1/namespaces", "").body()))
        .containsExactly("default", "kube-node-lease", "kube-public", "kube-system");
    assertThat(send("GET", "/readyz", "").code()).isEqualTo(200);
    assertThat(send("GET", "/version", "").body().path("gitVersion").asText()).startsWith("v1.");
  }

  @Test
  void whatFailsBeforehandHasNotHappenedWhatFailsAfterwardsHas() throws Exception {
    faults.set(
        new Faults() {
          @Override
          public Fault before(Call call) {
            return call.userAgent().equals("before") ? Fault.fail(503) : Fault.NONE;
          }

          @Override
          public Fault after(Call call) {
            return call.userAgent().equals("after") ? Fault.hangUp() : Fault.NONE;
          }
        });

    assertThat(send("POST", PODS, pod("a"), "before").code()).isEqualTo(503);
    assertThatThrownBy(() -> send("POST", PODS, pod("b"), "after")).isInstanceOf(IOException.class);
    assertThat(names(send("GET", PODS, "").body())).containsExactly("b");
  }

  @Test
  void aLaggingWatchHearsLater() throws Exception {
    faults.set(
        new Faults() {
          @Override
          public Duration watchLag(Call call) {
            return Duration.ofMillis(400);
          }
        });
    String version = version();
    long start = System.nanoTime();
    send("POST", PODS, pod("a"), "");
    List<JsonNode> events = watch(PODS, version, 2);

    assertThat(events).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void aWatchBehindTheHistoryIsGone() throws Exception {
    String version = version();
    for (int i = 0; i < 8; i++) {
      send("POST", PODS, pod("p" + i), "");
    }
    JsonNode event = watch(PODS, version, 2).get(0);

    assertThat(event.path("type").asText()).isEqualTo("ERROR");
    assertThat(event.at("/object/code").asInt()).isEqualTo(410);
  }

  @Test
  void aQuietWatchGetsABookmark() throws Exception {
    String version = version();
    send("POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"other\"}}");
    JsonNode event = watch(PODS + "?allowWatchBookmarks=true", version, 7).get(0);

    assertThat(event.path("type").asText()).isEqualTo("BOOKMARK");
    assertThat(event.at("/object/metadata/resourceVersion").asLong())
        .isGreaterThan(Long.parseLong(version));
  }

  @Test
  void aNamespaceGoesWithAllThatIsInIt() throws Exception {
    send("POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"team\"}}");
    send("POST", "/api/v1/namespaces/team/pods", pod("a"));
    send("DELETE", "/api/v1/namespaces/team", "");

    await(() -> send("GET", "/api/v1/namespaces/team", "").code() == 404);
    assertThat(names(send("GET", "/api/v1/pods", "").body())).isEmpty();
    assertThat(send("POST", "/api/v1/namespaces/team/pods", pod("b")).code()).isEqualTo(404);
  }

  @Test
  void whatIsOwnedGoesWithItsLastOwner() throws Exception {
    JsonNode owner = send("POST", PODS, pod("owner")).body();
    String owned =
        ("{\"metadata\":{\"name\":\"owned\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":"
                + "\"Pod\",\"name\":\"owner\",\"uid\":\"%s\"}]}}")
            .formatted(owner.at("/metadata/uid").asText());
    send("POST", "/api/v1/namespaces/default/configmaps", owned);
    send("DELETE", PODS + "/owner", "");

    await(() -> send("GET", "/api/v1/namespaces/default/configmaps/owned", "").code() == 404);
  }

  @Test
  void aResourceQuotaBoundsPods() throws Exception {
    send(
        "POST",
        "/api/v1/namespaces/default/resourcequotas",
        "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{\"requests.nvidia.com/gpu\":\"1\"}}}");
    Reply first = send("POST", PODS, gpuPod("a"));
    Reply second = send("POST", PODS, gpuPod("b"));

    assertThat(first.code()).isEqualTo(201);
    assertThat(second.code()).isEqualTo(403);
    assertThat(second.body().path("message").asText())
        .contains("exceeded quota: q, requested: requests.nvidia.com/gpu=1")
        .contains("used: requests.nvidia.com/gpu=1, limited: requests.nvidia.com/gpu=1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"class\":\"BestEffort\",\"namespaces\":[\"a\"]                          | 201 |",
        "\"namespaces\":[\"a\"] | 422 | spec.class",
        "\"class\":\"Best\",\"namespaces\":[\"a\"] | 422 | spec.class",
        "\"class\":\"BestEffort\"                                                 | 422 | spec",
        "\"class\":\"LatencyCritical\",\"namespaces\":[],\"wholeSlices\":\"Borrow\" | 422 | wholeSl",
        "\"class\":\"BestEffort\",\"namespaces\":[],\"quota\":{\"limit\":{\"memory\":\"x\"}}"
            + "| 400 | memory is \"x\"",
        "\"class\":\"BestEffort\",\"namespaces\":[],\"quota\":{\"limit\":{\"computeSlices\":\"1\"},"
            + "\"guaranteed\":{\"computeSlices\":\"1500m\"}} | 422 | guaranteed.computeSlices",
      })
  void aTenantIsCheckedAsItsDefinitionSays(String spec, int code, String says) throws Exception {
    String tenant =
        "{\"apiVersion\":\"lamella.dev/v1alpha1\",\"kind\":\"Tenant\","
            + "\"metadata\":{\"name\":\"t\"},"
            + "\"spec\":{%s}}".formatted(spec);
    Reply reply = send("POST", "/apis/lamella.dev/v1alpha1/tenants", tenant);

    assertThat(reply.code()).isEqualTo(code);
    assertThat(reply.body().path("message").asText()).contains(says == null ? "" : says);
  }

  @Test
  void aDeploymentIsScaledThroughItsSubresource() throws Exception {
    String deployments = "/apis/apps/v1/namespaces/default/deployments";
    send(
        "POST",
        deployments,
        "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},"
            + "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":"
            + "[{\"name\":\"c\",\"image\":\"i\"}]}}}}");
    JsonNode scale = send("GET", deployments + "/d/scale", "").body();
    String wanted = scale.toString().replace("\"replicas\":1", "\"replicas\":3");
    send("PUT", deployments + "/d/scale", wanted);

    assertThat(send("GET", deployments + "/d", "").body().at("/spec/replicas").asInt())
        .isEqualTo(3);
    assertThat(send("PUT", deployments + "/d/scale", wanted).code()).isEqualTo(409);
  }

  @Test
  void aCollectionIsDeletedBySelector() throws Exception {
    send("POST", PODS, pod("a"));
    send("POST", PODS, pod("b"));
    send("DELETE", PODS + "?fieldSelector=metadata.name%3Da", "");

    assertThat(names(send("GET", PODS, "").body())).containsExactly("b");
  }

  @Test
  void tooLongABodyIsRefused() throws Exception {
    String body = pod("a").replace("\"i\"", "\"" + "i".repeat(Bodies.MAX_BYTES) + "\"");

    assertThat(send("POST", PODS, body).code()).isEqualTo(413);
  }

  @Test
  void theSameRequestsGetTheSameIdentities() throws Exception {
    JsonNode first = send("POST", PODS, pod("a")).body();
    server.close();
    server = EmbeddedApiServer.start(ApiServerOptions.defaults().withSeed(7));
    JsonNode again = send("POST", PODS, pod("a")).body();

    assertThat(again.at("/metadata/uid")).isEqualTo(first.at("/metadata/uid"));
  }

  @Test
  void aClosedServerLeavesNoThreadBehind() throws Exception {
    String watch = PODS + "?watch=true&timeoutSeconds=60&resourceVersion=" + version();
    HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(watch)).build();
    // Answered as soon as the watch has begun: what follows closes the server under it.
    InputStream events = http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    assertThat(threads("api-server")).isPositive();

    server.close();
    server.close();

    await(() -> threads("api-server") == 0);
    await(() -> ended(events));
  }

  /** Whether nothing more comes; the connection may have been cut. */
  private static boolean ended(InputStream events) {
    try {
      return events.read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  private static long threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }

  @Test
  void aTakenPortIsSaid() {
    assertThatThrownBy(() -> EmbeddedApiServer.start(server.uri().getPort()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no API server on 127.0.0.1:" + server.uri().getPort());
  }

  private record Reply(int code, JsonNode body) {}

  private Reply send(String method, String path, String body) throws Exception {
    return send(method, path, body, "test");
  }

  private Reply send(String method, String path, String body, String agent) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve(path))
            .header("Content-Type", "application/json")
            .header("User-Agent", agent.isEmpty() ? "test" : agent)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    boolean json = answer.body().startsWith("{");
    return new Reply(
        answer.statusCode(), JsonMapper.builder().build().readTree(json ? answer.body() : "0"));
  }

  private List<JsonNode> watch(String path, String version, int seconds) throws Exception {
    String query =
        "%swatch=1&resourceVersion=%s&timeoutSeconds=%d"
            .formatted(path.contains("?") ? "&" : "?", version, seconds);
    HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(path + query)).build();
    String lines = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    JsonMapper mapper = JsonMapper.builder().build();
    return mapper.readerFor(JsonNode.class).<JsonNode>readValues(lines).readAll();
  }

  private String version() throws Exception {
    return send("GET", PODS, "").body().at("/metadata/resourceVersion").asText();
  }

  private static List<String> names(JsonNode list) {
    return list.path("items").findValuesAsText("name").stream()
        .filter(name -> !name.equals("c"))
        .toList();
  }

  private static String pod(String name) {
    return ("{\"metadata\":{\"name\":\"%s\"},"
            + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}")
        .formatted(name);
  }

  private static String gpuPod(String name) {
    String limits = "\"image\":\"i\",\"resources\":{\"limits\":{\"nvidia.com/gpu\":\"1\"}}";
    return pod(name).replace("\"image\":\"i\"", limits);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("time").isLessThan(end);
      Thread.sleep(20);
    }
  }
}
