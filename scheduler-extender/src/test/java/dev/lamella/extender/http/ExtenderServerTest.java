package dev.lamella.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.extender.Await;
import dev.lamella.extender.Cluster;
import dev.lamella.extender.StandInApi;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.decide.Binder;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.PodBinder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server, asked as kube-scheduler asks. */
class ExtenderServerTest {

  private static final String POD =
      """
      {"metadata":{"name":"p","namespace":"team","uid":"u1","creationTimestamp":null},
       "spec":{"containers":[{"name":"c","resources":{"limits":{"nvidia.com/mig-1g.5gb":"1"},
       "requests":{"nvidia.com/mig-1g.5gb":"1","cpu":"100m"}}}],"priority":0},
       "status":{"phase":"Pending"}}
      """;

  @TempDir Path dir;
  private final Clock clock = Clock.fixed(Instant.ofEpochMilli(1795303295446L), ZoneOffset.UTC);
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final HttpClient client = HttpClient.newHttpClient();
  private StandInApi api;
  private KubeApi kube;
  private LedgerOwner owner;
  private Binder binder;
  private ExtenderServer server;

  @BeforeEach
  void start() throws IOException {
    api = new StandInApi();
    kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
    owner = new LedgerOwner();
    Cluster.node("a", 2).forEach(owner::accept);
    Cluster.node("b", 1).forEach(owner::accept);
    Await.until("nodes seen", () -> owner.snapshot().nodes().size() == 2);
    binder = new Binder(owner, new PodBinder(kube), PlacementPolicy.PACK, clock);
    Verbs verbs = new Verbs(owner, PlacementPolicy.PACK, clock);
    ExtenderMetrics metrics = new ExtenderMetrics(owner::snapshot);
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.addAll(new VerbEndpoints(verbs, binder, ready::get, 1 << 20, metrics).all());
    endpoints.addAll(new StatusEndpoints(ready::get, metrics.registry()).all());
    server =
        ExtenderServer.start(
            new InetSocketAddress("127.0.0.1", 0), new ExtenderConfig(1, 8, null, null), endpoints);
  }

  @AfterEach
  void stop() {
    server.close();
    binder.close();
    owner.close();
    kube.close();
    api.close();
  }

  @Test
  void filterAnswersNamesWithNames() throws Exception {
    String body = "{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":[\"a\",\"c\",\"b\"]}";

    assertThat(post("/filter", body).body())
        .isEqualTo(
            "{\"Nodes\":null,\"NodeNames\":[\"a\",\"b\"],\"FailedNodes\":{},"
                + "\"FailedAndUnresolvableNodes\":{\"c\":\"node has no GPUs that Lamella manages\"},"
                + "\"Error\":\"\"}");
  }

  @Test
  void filterAnswersWholeNodesWithThoseNodes() throws Exception {
    String node = "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"x\":\"y\"}},\"spec\":{}}";
    String body =
        "{\"Pod\":%s,\"Nodes\":{\"metadata\":{},\"items\":[%s,%s]},\"NodeNames\":null}"
            .formatted(POD, node.formatted("c"), node.formatted("a"));

    assertThat(post("/filter", body).body())
        .isEqualTo(
            "{\"Nodes\":{\"metadata\":{},\"items\":["
                + node.formatted("a")
                + "]},"
                + "\"NodeNames\":null,\"FailedNodes\":{},\"FailedAndUnresolvableNodes\":"
                + "{\"c\":\"node has no GPUs that Lamella manages\"},\"Error\":\"\"}");
  }

  @Test
  void filterLeavesPodsThatAskForNoSlicesAlone() throws Exception {
    String pod = POD.replace("nvidia.com/mig-1g.5gb", "example.com/other");

    assertThat(post("/filter", "{\"Pod\":" + pod + ",\"NodeNames\":[\"c\"]}").body())
        .contains("\"NodeNames\":[\"c\"]");
  }

  @Test
  void prioritizeGivesTheHighestScoreToOneNodeAlone() throws Exception {
    String body = "{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":[\"a\",\"b\"]}";

    assertThat(post("/prioritize", body).body())
        .isEqualTo("[{\"Host\":\"b\",\"Score\":10},{\"Host\":\"a\",\"Score\":4}]");
  }

  @Test
  void bindWritesTheAssignmentInTheBinding() throws Exception {
    podIsThere();
    api.on("POST /api/v1/namespaces/team/pods/p/binding", 201, "{\"status\":\"Success\"}");

    HttpResponse<String> answer = post("/bind", binding("u1", "b"));

    assertThat(answer.body()).isEqualTo("{\"Error\":\"\"}");
    assertThat(answer.headers().firstValue("Content-Length")).contains("12");
    assertThat(api.requests().get(1))
        .startsWith("POST /api/v1/namespaces/team/pods/p/binding ")
        .contains("\"uid\":\"u1\"")
        .contains(
            "{\\\"v\\\":1,\\\"boundAt\\\":1795303295446,\\\"held\\\":[{\\\"resource\\\":"
                + "\\\"nvidia.com/mig-1g.5gb\\\",\\\"slices\\\":[\\\"MIG-b-0\\\"]}]}");
  }

  @Test
  void whatABindReservesIsNotOfferedAgain() throws Exception {
    podIsThere();
    api.on("POST /api/v1/namespaces/team/pods/p/binding", 201, "{}");
    post("/bind", binding("u1", "b"));

    String second = POD.replace("u1", "u2");
    String body = "{\"Pod\":" + second + ",\"NodeNames\":[\"b\"]}";

    assertThat(post("/filter", body).body())
        .contains("\"FailedAndUnresolvableNodes\":{\"b\":\"no free 1g.5gb slice\"}");
  }

  @Test
  void aBindThatTheApiServerRefusesGivesTheSliceBack() throws Exception {
    podIsThere();
    api.on("POST /api/v1/namespaces/team/pods/p/binding", 409, "{\"message\":\"is deleting\"}");

    assertThat(post("/bind", binding("u1", "b")).body())
        .isEqualTo("{\"Error\":\"the API server refused the bind: 409 is deleting\"}");
    Await.until("given back", () -> freeOn("b") == 1);
  }

  @Test
  void aBindWhoseAnswerWasLostIsReadBack() throws Exception {
    String pod = "GET /api/v1/namespaces/team/pods/p";
    api.on(pod, 200, POD).on(pod, 200, POD.replace("\"spec\":{", "\"spec\":{\"nodeName\":\"b\","));
    api.on("POST /api/v1/namespaces/team/pods/p/binding", 504, "{}");

    assertThat(post("/bind", binding("u1", "b")).body()).isEqualTo("{\"Error\":\"\"}");
  }

  @Test
  void aBindOfAPodThatIsNoLongerThereIsRefused() throws Exception {
    podIsThere();

    assertThat(post("/bind", binding("u9", "b")).body())
        .isEqualTo("{\"Error\":\"pod team/p with this UID is not there\"}");
  }

  @Test
  void badRequestsAreNamed() throws Exception {
    assertThat(post("/filter", "{\"Pod\":").statusCode()).isEqualTo(400);
    assertThat(post("/filter", "{}").body()).isEqualTo("/filter: Pod is needed\n");
    assertThat(post("/filter", "{\"Pod\":" + POD + "}").body())
        .isEqualTo("/filter: NodeNames or Nodes.items is needed\n");
    assertThat(post("/bind", "{\"Node\":\"a\"}").body())
        .isEqualTo("/bind: PodName, PodNamespace, PodUID and Node are needed\n");
    assertThat(post("/filter", " ".repeat(2 << 20)).statusCode()).isEqualTo(413);
    assertThat(post("/nothing", "").statusCode()).isEqualTo(404);
    assertThat(get("/filter").statusCode()).isEqualTo(405);
  }

  @Test
  void decidesNothingBeforeItHasSeenTheCluster() throws Exception {
    ready.set(false);

    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(post("/filter", "{}").statusCode()).isEqualTo(503);
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsNameTheRuleThatRefused() throws Exception {
    post("/filter", "{\"Pod\":" + POD + ",\"NodeNames\":[\"c\"]}");

    assertThat(get("/metrics").body())
        .contains("lamella_extender_rejections_total{rule=\"node_unreported\",} 1.0")
        .contains("lamella_extender_request_seconds_count{verb=\"filter\",} 1.0");
  }

  private void podIsThere() {
    api.on("GET /api/v1/namespaces/team/pods/p", 200, POD);
  }

  private long freeOn(String node) {
    return owner.snapshot().node(node).orElseThrow().slices().stream()
        .filter(slice -> slice.freeWhole())
        .count();
  }

  private static String binding(String uid, String node) {
    return "{\"PodName\":\"p\",\"PodNamespace\":\"team\",\"PodUID\":\"%s\",\"Node\":\"%s\"}"
        .formatted(uid, node);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(path, HttpRequest.newBuilder().GET());
  }

  private HttpResponse<String> send(String path, HttpRequest.Builder request) throws Exception {
    URI uri = server.uri().resolve(path);
    return client.send(request.uri(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
