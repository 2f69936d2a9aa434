package dev.lamella.extender.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.amount.Quantity;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import dev.lamella.extender.Await;
import dev.lamella.extender.Cluster;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.decide.ClusterAccounts;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.http.Exchange;
import dev.lamella.extender.http.ExtenderServer;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real server. The header Sees names the namespaces that the caller may see; none: all. */
class ExplainEndpointsTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");
  private static final ResourceName SHARE = ResourceName.shared("1g.5gb");

  private final Clock clock = Clock.fixed(Instant.ofEpochMilli(1795303295446L), ZoneOffset.UTC);
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final LedgerOwner owner = new LedgerOwner();
  private final Verbs verbs = new Verbs(owner, PlacementPolicy.PACK, clock);
  private ExtenderServer server;

  @BeforeEach
  void start() {
    Cluster.node("a", 2).forEach(owner::accept);
    Cluster.node("b", 1).forEach(owner::accept);
    tenant("alpha", TenantClass.LATENCY_CRITICAL, 1000, "2");
    tenant("beta", TenantClass.BEST_EFFORT, 0, null);
    bound("beta", "recs-1", "a", Held.shares(SHARE, "MIG-a-0", 2));
    bound("alpha", "serve-1", "a", Held.whole(WHOLE, List.of("MIG-a-1")));
    seen(pod("alpha", "serve-2", WHOLE, Optional.empty(), Optional.empty()));
    Await.until("seen", () -> owner.snapshot().usages().size() == 2);
    ClusterAccounts accounts =
        new ClusterAccounts(owner, verbs, List::of, PlacementPolicy.PACK, clock);
    server =
        ExtenderServer.start(
            new InetSocketAddress("127.0.0.1", 0),
            ExtenderConfig.DEFAULTS,
            new ExplainEndpoints(accounts, ExplainEndpointsTest::viewer, ready::get).all());
  }

  @AfterEach
  void stop() {
    server.close();
    owner.close();
  }

  private static dev.lamella.core.explain.Viewer viewer(Exchange exchange) throws Exchange.Refused {
    String sees = exchange.header("Sees").orElse("*");
    if (sees.isEmpty()) {
      throw new Exchange.Refused(401, "who are you?");
    }
    return new RememberedViewer(
        (namespace, name) -> {
          if (sees.equals("unknown")) {
            throw new Exchange.Refused(503, "the API server does not say");
          }
          return sees.equals("*") || List.of(sees.split(",")).contains(namespace);
        });
  }

  private void tenant(String name, TenantClass tenantClass, int priority, String guaranteed) {
    Optional<Cap> guarantee =
        Optional.ofNullable(guaranteed)
            .map(g -> new Cap(OptionalLong.of(Quantity.computeParts(g)), OptionalLong.empty()));
    Tenant tenant =
        new Tenant(
            name,
            NamespaceClaim.byName(name),
            tenantClass,
            priority,
            "default",
            WholeSlices.BORROW,
            new Quota(guarantee, Cap.UNLIMITED, Map.of()));
    owner.accept(new Event.TenantSeen(tenant, 2));
  }

  private static PodFact pod(
      String namespace,
      String name,
      ResourceName resource,
      Optional<String> node,
      Optional<Held> held) {
    int count = held.map(Held::devices).orElse(1);
    return new PodFact(
        new PodRef("uid-" + name, namespace, name),
        3,
        node,
        node.isPresent() ? Phase.RUNNING : Phase.PENDING,
        0,
        PodNeeds.of(resource, count),
        held.map(h -> new Assignment(1795303200000L, List.of(h))),
        PodFact.Traits.ORDINARY);
  }

  private void bound(String namespace, String name, String node, Held held) {
    seen(pod(namespace, name, held.resource(), Optional.of(node), Optional.of(held)));
  }

  private void seen(PodFact pod) {
    owner.accept(new Event.PodSeen(pod));
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri().resolve(path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(String path, String... headers) throws Exception {
    return JsonMapper.builder().build().readTree(get(path, headers).body());
  }

  private void refusedOn(String... nodes) {
    verbs.filter(
        pod("alpha", "serve-2", WHOLE, Optional.empty(), Optional.empty()), List.of(nodes));
  }

  @Test
  void explainsAPodInText() throws Exception {
    refusedOn("a");

    assertThat(get("/explain/alpha/serve-2").body())
        .isEqualTo(
            """
            alpha/serve-2: waiting: it would fit only on nodes that kube-scheduler did not offer: their
                taints, labels, CPU or memory do not suit it
            pod       Pending, priority 0, asks for 1 nvidia.com/mig-1g.5gb
            tenant    alpha, LatencyCritical, priority 1000, cohort default
            quota     Guaranteed; it would add 1 compute slice, 4864 MiB
                      its tenant uses 1 compute slice, 4864 MiB in 1 pod; 1 compute slice of it within the
                      guarantee
                      guarantee 2 compute slices; limit none
            decided   refused at 2026-11-21T23:21:35.446Z, the first time at 2026-11-21T23:21:35.446Z
                      1 node: no free 1g.5gb slice
            reclaim   on node a: 1g.5gb@0 of GPU 0, whole (MIG-a-0)
                      would evict beta/recs-1 (2 shares, borrowed)

            2 nodes considered, 1 offered by kube-scheduler, it fits on 1 now
            1 node, 0 offered: it fits
              b (not offered by kube-scheduler)
                GPU 0 1g.5gb@0: could be given
            1 node: no free 1g.5gb slice [NO_FREE_SLICE]
              a: 1 asked for; 2 slices: 0 can be given whole, 2 shares are free, 0 wait for the report
                GPU 0 1g.5gb@0: shared 2/4: beta/recs-1 (2 shares, borrowed, may be taken)
                GPU 0 1g.5gb@1: held whole: alpha/serve-1 (guaranteed, stays)
            """);
  }

  @Test
  void noLineIsLongerThan100() throws Exception {
    seen(
        pod(
            "alpha",
            "a-pod-with-a-very-" + "long-".repeat(40) + "name",
            WHOLE,
            Optional.empty(),
            Optional.empty()));
    bound("beta", "x".repeat(240), "b", Held.whole(WHOLE, List.of("MIG-b-0")));
    Await.until("seen", () -> owner.snapshot().node("b").orElseThrow().charges().size() == 1);

    for (String path :
        List.of(
            "/explain/alpha/serve-2?all",
            "/explain/beta/" + "x".repeat(240),
            "/whatif?tenant=alpha&resource=mig-1g.5gb&count=2")) {
      assertThat(get(path).body().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThan(101));
    }
  }

  @Test
  void explainsAPodInJsonByAcceptAndByParameter() throws Exception {
    refusedOn("a");

    JsonNode byAccept = json("/explain/alpha/serve-2", "Accept", "application/json");
    JsonNode byParameter = json("/explain/alpha/serve-2?output=json");

    assertThat(byAccept).isEqualTo(byParameter);
    assertThat(byAccept.path("version").asInt()).isEqualTo(1);
    assertThat(byAccept.at("/placement/offered").asInt()).isEqualTo(1);
    assertThat(byAccept.at("/decided/why").toString()).isEqualTo("{\"no free 1g.5gb slice\":1}");
    assertThat(byAccept.at("/reclaim/victims/0/name").asText()).isEqualTo("recs-1");
    assertThat(byAccept.at("/reclaim/victims/0/borrowing").asBoolean()).isTrue();
    assertThat(byAccept.at("/quota/standing").asText()).isEqualTo("Guaranteed");
  }

  @Test
  void explainsABoundPod() throws Exception {
    assertThat(get("/explain/beta/recs-1").body())
        .startsWith("beta/recs-1: bound: it is bound to node a\n")
        .contains("slices    1g.5gb@0 of GPU 0, 2/4 (MIG-a-0)\n")
        .contains("decided   bound to node a at 2026-11-21T23:20:00Z\n");
  }

  @Test
  void whoSeesTheirOwnNamespaceLearnsNoNamesOfOthers() throws Exception {
    refusedOn("a");

    for (String path :
        List.of(
            "/explain/alpha/serve-2",
            "/explain/alpha/serve-2?output=json",
            "/whatif?tenant=alpha&resource=mig-1g.5gb&count=1",
            "/whatif?tenant=alpha&resource=mig-1g.5gb&count=2&output=json",
            "/state")) {
      assertThat(get(path, "Sees", "alpha").body())
          .as(path)
          .doesNotContain("recs-1")
          .contains("beta");
    }
    assertThat(get("/explain/beta/recs-1", "Sees", "alpha").statusCode()).isEqualTo(403);
    assertThat(get("/explain/beta/no-such-pod", "Sees", "alpha").statusCode()).isEqualTo(403);
    assertThat(get("/explain/alpha/serve-2", "Sees", "").statusCode()).isEqualTo(401);
    for (String path : List.of("/explain/alpha/serve-2", "/state")) {
      HttpResponse<String> unknown = get(path, "Sees", "unknown");
      assertThat(unknown.statusCode()).isEqualTo(503);
      assertThat(unknown.body()).isEqualTo("the API server does not say\n");
    }
  }

  @Test
  void whatIfSaysWhereAndCommitsNothing() throws Exception {
    JsonNode one = json("/whatif?tenant=alpha&resource=nvidia.com/mig-1g.5gb&output=json");

    assertThat(one.path("fits").asBoolean()).isTrue();
    assertThat(one.path("node").asText()).isEqualTo("b");
    assertThat(one.at("/slices/0/uuid").asText()).isEqualTo("MIG-b-0");
    assertThat(json("/whatif?tenant=alpha&resource=nvidia.com/mig-1g.5gb&output=json"))
        .isEqualTo(one);
    assertThat(get("/whatif?tenant=beta&resource=mig-1g.5gb&count=3").body())
        .startsWith("a pod of tenant beta with 3 nvidia.com/mig-1g.5gb: ")
        .contains("[MAY_NOT_RECLAIM]");
  }

  @Test
  void wrongQuestionsAreNamed() throws Exception {
    assertThat(get("/whatif?tenant=alpah&resource=mig-1g.5gb").body())
        .isEqualTo("/whatif: tenant is alpah, which does not exist; did you mean alpha?\n");
    assertThat(get("/whatif?tenant=alpha").body())
        .isEqualTo("/whatif: parameter resource is needed\n");
    assertThat(get("/whatif?tenant=alpha&resource=cpu").body())
        .isEqualTo("/whatif: resource is cpu, expected one such as nvidia.com/mig-1g.5gb\n");
    assertThat(get("/whatif?tenant=alpha&resource=mig-1g.5gb&count=0").body())
        .isEqualTo("/whatif: count is 0, expected a number of 1 to 1024\n");
    assertThat(get("/whatif?tennant=alpha").body())
        .isEqualTo("/whatif: unknown parameter tennant, did you mean tenant?\n");
    assertThat(get("/explain/alpha").statusCode()).isEqualTo(400);
    assertThat(get("/explain/alpha/serve-2?output=xml").statusCode()).isEqualTo(400);
    assertThat(get("/explain/alpha/nobody").statusCode()).isEqualTo(404);
    ready.set(false);
    assertThat(get("/explain/alpha/serve-2").statusCode()).isEqualTo(503);
  }

  @Test
  void stateHasWhatAPageShows() throws Exception {
    refusedOn("a");

    JsonNode state = json("/state");

    assertThat(state.path("version").asInt()).isEqualTo(1);
    assertThat(json("/state?limit=1").path("next").asText()).isEqualTo("a");
    assertThat(json("/state?limit=1&after=a").at("/nodes/0/name").asText()).isEqualTo("b");
    assertThat(get("/state?limit=0").statusCode()).isEqualTo(400);
    assertThat(state.at("/nodes/0/gpus/0/slices/0").toString())
        .isEqualTo(
            "{\"uuid\":\"MIG-a-0\",\"profile\":\"1g.5gb\",\"start\":0,\"size\":1,"
                + "\"computeSlices\":1,\"memoryMiB\":4864,\"health\":\"Healthy\","
                + "\"cordoned\":false,\"advertised\":true,\"mode\":\"Shared\",\"awaitsReport\":false,"
                + "\"sharesUsed\":2,\"sharesTotal\":4,\"holders\":[{\"tenant\":\"beta\","
                + "\"namespace\":\"beta\",\"name\":\"recs-1\",\"shares\":2,\"reserved\":false,"
                + "\"leaving\":false,\"borrowing\":true}]}");
    assertThat(state.at("/tenants/0").toString())
        .isEqualTo(
            "{\"name\":\"alpha\",\"tenantClass\":\"LatencyCritical\",\"priority\":1000,"
                + "\"cohort\":\"default\",\"guaranteed\":{\"computeSlices\":2},"
                + "\"used\":{\"computeSlices\":1,\"memoryMiB\":4864},"
                + "\"guaranteedUsed\":{\"computeSlices\":1,\"memoryMiB\":4864},"
                + "\"borrowed\":{\"computeSlices\":0,\"memoryMiB\":0},"
                + "\"lent\":{\"computeSlices\":0,\"memoryMiB\":0},\"pods\":1,\"waiting\":1}");
    assertThat(state.at("/waiting/0").toString())
        .isEqualTo(
            "{\"namespace\":\"alpha\",\"name\":\"serve-2\",\"tenant\":\"alpha\","
                + "\"needs\":{\"nvidia.com/mig-1g.5gb\":1},\"priority\":0,"
                + "\"since\":1795303295446,\"reason\":\"no free 1g.5gb slice\"}");
  }
}
