package dev.lamella.extender.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.extender.Await;
import dev.lamella.extender.Cluster;
import dev.lamella.extender.access.Denied;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.decide.ClusterAccounts;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.explain.RememberedViewer;
import dev.lamella.extender.http.Exchange;
import dev.lamella.extender.http.ExtenderServer;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real server. The header Sees names the namespaces that the caller may see; none: all. */
class PageEndpointsTest {

  private static final ResourceName SHARE = ResourceName.shared("1g.5gb");

  private final HttpClient client = HttpClient.newHttpClient();
  private final LedgerOwner owner = new LedgerOwner();
  private PageEndpoints page;
  private ExtenderServer server;

  private void start(Pace pace, int nodes) {
    for (int i = 0; i < nodes; i++) {
      Cluster.node("n%03d".formatted(i), 2).forEach(owner::accept);
    }
    Await.until("seen", () -> owner.snapshot().nodes().size() == nodes);
    Verbs verbs = new Verbs(owner, PlacementPolicy.PACK, Clock.systemUTC());
    ClusterAccounts accounts =
        new ClusterAccounts(owner, verbs, List::of, PlacementPolicy.PACK, Clock.systemUTC());
    page = new PageEndpoints(accounts, PageEndpointsTest::viewer, () -> true, pace, "now");
    server =
        ExtenderServer.start(
            new InetSocketAddress("127.0.0.1", 0), ExtenderConfig.DEFAULTS, page.all());
  }

  /** Quick, so that tests are. */
  private static Pace pace() {
    return new Pace(8, 50, 60_000, 60_000, 600_000);
  }

  @AfterEach
  void stop() {
    page.close();
    server.close();
    owner.close();
  }

  private static dev.lamella.core.explain.Viewer viewer(Exchange exchange) throws Denied {
    String sees = exchange.header("Sees").orElse("*");
    if (sees.equals("*")) {
      return dev.lamella.core.explain.Viewer.ALL;
    }
    if (sees.isEmpty()) {
      throw new Denied(401, "who are you?");
    }
    return new RememberedViewer((namespace, name) -> sees.equals(namespace));
  }

  private void bound(String name, String node, String slice) {
    PodFact pod =
        new PodFact(
            new PodRef("uid-" + name, "beta", name),
            3,
            Optional.of(node),
            Phase.RUNNING,
            0,
            PodNeeds.of(SHARE, 1),
            Optional.of(new Assignment(1L, List.of(Held.shares(SHARE, slice, 1)))),
            PodFact.Traits.ORDINARY);
    owner.accept(new Event.PodSeen(pod));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void servesThePageAndNothingElse() throws Exception {
    start(pace(), 1);

    HttpResponse<String> index = get("/map/");

    assertThat(get("/").headers().firstValue("Location")).contains("map/");
    assertThat(get("/map").headers().firstValue("Location")).contains("map/");
    assertThat(index.body()).startsWith("<!doctype html>");
    assertThat(index.headers().firstValue("Content-Security-Policy"))
        .get()
        .asString()
        .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
        .doesNotContain("unsafe", "http");
    for (String name : index.body().split("\"")) {
      if (name.matches("[a-z]+\\.(js|css|svg)")) {
        assertThat(get("/map/" + name).statusCode()).as(name).isEqualTo(200);
      }
    }
    assertThat(get("/map/feed.js").headers().firstValue("Content-Type"))
        .contains("text/javascript; charset=utf-8");
    assertThat(get("/map/../map.css").statusCode()).isEqualTo(404);
    assertThat(get("/map/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void tellsEverythingFirstAndThenWhatChanged() throws Exception {
    start(pace(), 3);
    try (EventReader reader = new EventReader(server.uri())) {
      JsonNode first = reader.event(0);
      assertThat(first.path("whole").asBoolean()).isTrue();
      assertThat(first.path("nodes").findValuesAsText("name")).contains("n000", "n001", "n002");

      bound("recs-1", "n001", "MIG-n001-0");

      JsonNode second = reader.event(1);
      assertThat(second.path("whole").asBoolean()).isFalse();
      assertThat(second.path("nodes")).hasSize(1);
      assertThat(second.at("/nodes/0/name").asText()).isEqualTo("n001");
      assertThat(second.at("/nodes/0/gpus/0/slices/0/mode").asText()).isEqualTo("Shared");
      assertThat(second.path("tenants").findValuesAsText("name")).hasSize(1);
      assertThat(second.has("waiting")).isFalse();
    }
  }

  @Test
  void tellsWhatWent() throws Exception {
    start(pace(), 2);
    try (EventReader reader = new EventReader(server.uri())) {
      reader.event(0);

      owner.accept(new Event.GpuNodeGone("n000", 9));
      owner.accept(new Event.NodeGone("n000", 9));

      assertThat(reader.event(1).path("gone").toString()).isEqualTo("[\"n000\"]");
      assertThat(reader.event(1).path("nodesTotal").asInt()).isEqualTo(1);
    }
  }

  @Test
  void manyNodesComeInParts() throws Exception {
    start(pace(), 250);
    try (EventReader reader = new EventReader(server.uri())) {
      assertThat(reader.event(0).path("nodes")).hasSize(100);
      assertThat(reader.event(1).path("nodes")).hasSize(100);
      assertThat(reader.event(2).path("nodes")).hasSize(50);
      assertThat(reader.event(0).path("whole").asBoolean()).isTrue();
      assertThat(reader.event(1).path("whole").asBoolean()).isFalse();
      assertThat(reader.event(1).path("more").asBoolean()).isTrue();
      assertThat(reader.event(2).path("more").asBoolean()).isFalse();
    }
  }

  @Test
  void changesAreGatheredAndComeNotOftenerThanThePace() throws Exception {
    start(new Pace(8, 400, 60_000, 60_000, 600_000), 2);
    try (EventReader reader = new EventReader(server.uri())) {
      reader.event(0);

      for (int i = 0; i < 40; i++) {
        Cluster.report("n000", 1 + i % 2, 10 + i).forEach(owner::accept);
        Thread.sleep(20);
      }
      Cluster.report("n000", 1, 99).forEach(owner::accept);

      Await.until(
          "the last of it",
          () ->
              reader.events().get(reader.events().size() - 1).at("/nodes/0/gpus/0/slices").size()
                      == 1
                  && reader.events().size() > 1);
      List<Long> times = reader.times();
      for (int i = 2; i < times.size(); i++) {
        assertThat(times.get(i) - times.get(i - 1)).isGreaterThan(300_000_000L);
      }
      assertThat(reader.events()).hasSizeLessThan(20);
    }
  }

  @Test
  void whoComesBackIsToldWhatChangedMeanwhile() throws Exception {
    start(pace(), 3);
    String id;
    try (EventReader reader = new EventReader(server.uri())) {
      reader.event(0);
      Await.until("an id", () -> !reader.lastId().isEmpty());
      id = reader.lastId();
    }
    bound("recs-1", "n002", "MIG-n002-0");

    try (EventReader again = new EventReader(server.uri(), "Last-Event-ID: " + id);
        EventReader stranger = new EventReader(server.uri(), "Last-Event-ID: before-1");
        EventReader wild = new EventReader(server.uri(), "Last-Event-ID: now-99999")) {
      assertThat(again.event(0).path("whole").asBoolean()).isFalse();
      assertThat(again.event(0).at("/nodes/0/name").asText()).isEqualTo("n002");
      assertThat(stranger.event(0).path("whole").asBoolean()).isTrue();
      assertThat(wild.event(0).path("whole").asBoolean()).isTrue();
    }
  }

  @Test
  void onlyTheReadersOwnAreNamed() throws Exception {
    start(pace(), 1);
    bound("recs-1", "n000", "MIG-n000-0");
    try (EventReader all = new EventReader(server.uri());
        EventReader alpha = new EventReader(server.uri(), "Sees: alpha");
        EventReader nobody = new EventReader(server.uri(), "Sees: ")) {
      assertThat(nobody.status()).contains("401");
      assertThat(all.event(0).toString()).contains("recs-1");
      assertThat(alpha.event(0).toString()).doesNotContain("recs-1").contains("Shared");

      bound("recs-2", "n000", "MIG-n000-0");

      assertThat(all.event(1).toString()).contains("recs-2");
      assertThat(alpha.event(1).toString()).doesNotContain("recs-").contains("Shared");
    }
  }

  @Test
  void onlySoManyListen() throws Exception {
    start(new Pace(2, 50, 100, 60_000, 600_000), 1);
    try (EventReader one = new EventReader(server.uri());
        EventReader two = new EventReader(server.uri())) {
      one.event(0);
      two.event(0);
      try (EventReader three = new EventReader(server.uri())) {
        assertThat(three.status()).contains("503");
      }
      one.leave();

      Await.until("a place is free", () -> page.listening() == 1);
      try (EventReader four = new EventReader(server.uri())) {
        assertThat(four.event(0).path("whole").asBoolean()).isTrue();
      }
    }
  }

  @Test
  void silenceHasAHeartbeatAndListeningAnEnd() throws Exception {
    start(new Pace(8, 50, 100, 60_000, 1_000), 1);
    try (EventReader reader = new EventReader(server.uri())) {
      reader.event(0);

      Await.until("a heartbeat", reader::heartbeat);
      Await.until("the end", reader::ended);
      Await.until("its place is free", () -> page.listening() == 0);
    }
  }

  @Test
  void whoDoesNotReadIsDropped() throws Exception {
    start(new Pace(8, 20, 60_000, 300, 600_000), 90);
    try (EventReader deaf = new EventReader(server.uri(), false);
        EventReader reader = new EventReader(server.uri())) {
      reader.event(0);
      Await.until("both listen", () -> page.listening() == 2);

      for (int i = 0; page.listening() == 2; i++) {
        assertThat(i).as("changes until it is dropped").isLessThan(3_000);
        for (int n = 0; n < 90; n++) {
          Cluster.report("n%03d".formatted(n), 1 + i % 2, 10 + i).forEach(owner::accept);
        }
        Thread.sleep(20);
      }

      assertThat(deaf.bytes()).isZero();
      assertThat(reader.ended()).isFalse();
      assertThat(reader.events()).hasSizeGreaterThan(1);
    }
  }
}
