package dev.lamella.extender.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.ledger.Event;
import dev.lamella.extender.Await;
import dev.lamella.extender.StandInApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterWatchTest {

  private static final String EMPTY = "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[]}";

  private static final List<String> KINDS =
      List.of(
          "/api/v1/nodes",
          "/api/v1/namespaces",
          "/api/v1/pods",
          "/apis/policy/v1/poddisruptionbudgets",
          "/apis/lamella.dev/v1alpha1/tenants",
          "/apis/lamella.dev/v1alpha1/gpunodes");

  @TempDir Path dir;

  @Test
  void listsWatchesAndListsAgainWhenTheServerHasForgotten() throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    try (StandInApi api = new StandInApi()) {
      for (String kind :
          List.of(
              "/api/v1/namespaces",
              "/api/v1/pods",
              "/apis/policy/v1/poddisruptionbudgets",
              "/apis/lamella.dev/v1alpha1/tenants",
              "/apis/lamella.dev/v1alpha1/gpunodes")) {
        api.on("GET " + kind, 200, EMPTY).on("WATCH " + kind, 200, "");
      }
      api.on("GET /api/v1/nodes", 200, list(10, node("a", 7), node("b", 8)))
          .on("GET /api/v1/nodes", 200, list(20, node("b", 8)))
          .on("WATCH /api/v1/nodes", 200, event("MODIFIED", node("b", 11)))
          .on("WATCH /api/v1/nodes", 200, event("ERROR", "{\"code\":410}"))
          .on("WATCH /api/v1/nodes", 200, "");
      try (KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
          ClusterWatch watch =
              ClusterWatch.start(kube, events::add, new Disruptions(), new TenantFaults())) {
        Await.until("a is gone", () -> events.contains(new Event.NodeGone("a", 20)));
        Await.until("all seen", watch::synced);
      }
      assertThat(events.stream().filter(Event.NodeSeen.class::isInstance).map(this::version))
          .startsWith("a7", "b8", "b11", "b8");
      assertThat(api.requests())
          .anyMatch(request -> request.contains("watch=true") && request.contains("Version=11"));
    }
  }

  @Test
  void aWatchThatShowsNothingGrowsOldUntilAnEventOrAList() throws Exception {
    AtomicLong nanos = new AtomicLong();
    List<Event> events = new CopyOnWriteArrayList<>();
    try (StandInApi api = new StandInApi()) {
      for (String kind : KINDS) {
        api.on("GET " + kind, 200, EMPTY).on("WATCH " + kind, 500, "");
      }
      try (KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
          ClusterWatch watch =
              ClusterWatch.start(
                  kube,
                  events::add,
                  new Disruptions(),
                  new TenantFaults(),
                  Duration.ofSeconds(60),
                  nanos::get)) {
        Await.until("all seen", watch::current);
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());

        assertThat(watch.ages()).hasSize(6).containsEntry("pods", Duration.ofSeconds(61));
        assertThat(watch.stale())
            .as("a budget decides no bind")
            .containsExactly("gpunodes", "namespaces", "nodes", "pods", "tenants");
        assertThat(watch.current()).isFalse();

        api.on("WATCH /api/v1/nodes", 200, event("BOOKMARK", node("", 9)));
        Await.until("nodes are current", () -> !watch.stale().contains("nodes"));
        watch.relist(Duration.ofSeconds(20));

        assertThat(watch.current()).isTrue();
        assertThat(watch.ages().get("poddisruptionbudgets")).isZero();
      }
    }
  }

  @Test
  void whatAListShowedThatBrokeOffIsGoneIfTheNextDoesNotShowIt() throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    try (StandInApi api = new StandInApi()) {
      for (String kind : KINDS) {
        if (!kind.endsWith("/nodes")) {
          api.on("GET " + kind, 200, EMPTY);
        }
        api.on("WATCH " + kind, 200, "");
      }
      String first = list(10, node("a", 7)).replace("\"10\"", "\"10\",\"continue\":\"more\"");
      api.on("GET /api/v1/nodes", 200, first)
          .on("GET /api/v1/nodes", 410, "{}")
          .on("GET /api/v1/nodes", 200, list(20, node("b", 8)));
      try (KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
          ClusterWatch watch =
              ClusterWatch.start(kube, events::add, new Disruptions(), new TenantFaults())) {
        Await.until("all seen", watch::synced);
      }
      assertThat(events).contains(new Event.NodeGone("a", 20));
    }
  }

  /** Were the pause to double each time, twelve of them would take half a minute. */
  @Test
  void aWatchThatBreaksAfterItStoodIsTakenUpAgainAtOnce() throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    try (StandInApi api = new StandInApi()) {
      for (String kind : KINDS) {
        api.on("GET " + kind, 200, EMPTY);
        if (!kind.endsWith("/nodes")) {
          api.on("WATCH " + kind, 200, "");
        }
      }
      for (int version = 11; version < 23; version++) {
        String broken = event("MODIFIED", node("a", version)) + "{\"type\":\"MODI";
        api.on("WATCH /api/v1/nodes", 200, broken);
      }
      api.on("WATCH /api/v1/nodes", 200, event("MODIFIED", node("a", 23)));
      try (KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
          ClusterWatch watch =
              ClusterWatch.start(kube, events::add, new Disruptions(), new TenantFaults())) {
        Await.until("all seen", watch::synced);
        Await.until(
            "all twelve were taken up",
            () ->
                events.stream()
                    .filter(Event.NodeSeen.class::isInstance)
                    .anyMatch(seen -> version(seen).equals("a23")));
      }
    }
  }

  private String version(Event event) {
    Event.NodeSeen seen = (Event.NodeSeen) event;
    return seen.node().name() + seen.node().version();
  }

  private static String node(String name, int version) {
    return "{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%d\"}}".formatted(name, version);
  }

  private static String list(int version, String... items) {
    return "{\"metadata\":{\"resourceVersion\":\"%d\"},\"items\":[%s]}"
        .formatted(version, String.join(",", items));
  }

  private static String event(String type, String object) {
    return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
  }
}
