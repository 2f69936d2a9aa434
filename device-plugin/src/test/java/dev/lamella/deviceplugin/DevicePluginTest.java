package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.api.FakeApiServer;
import dev.lamella.deviceplugin.kubelet.FakeKubelet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon between a kubelet and an API server. */
class DevicePluginTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");
  private static final ResourceName SHARED = ResourceName.shared("1g.5gb");

  @TempDir Path dir;
  private FakeKubelet kubelet;
  private FakeApiServer api;
  private DevicePlugin daemon;
  private List<String> slices;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(
        dir.resolve("nodes.yaml"),
        """
        nodes:
        - name: gpu-a
          gpus: [{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1, 1g.5gb@2, 1g.5gb@3]}]
        """);
    kubelet = FakeKubelet.start(dir);
    api = FakeApiServer.start();
    daemon = daemon();
    awaitServing();
    slices = new ArrayList<>();
    api.gpuNode().at("/status/gpus/0/slices").forEach(s -> slices.add(s.get("uuid").asText()));
  }

  @AfterEach
  void stop() {
    daemon.close();
    kubelet.close();
    api.close();
  }

  private DevicePlugin daemon() throws IOException {
    return DevicePlugin.start(
        "--node-name=gpu-a",
        "--kubelet-dir=" + dir,
        "--kubeconfig=" + api.kubeconfig(dir),
        "--nvml=simulated:" + dir.resolve("nodes.yaml"),
        "--metrics-address=127.0.0.1:0");
  }

  private void awaitServing() throws Exception {
    Wait.until(() -> assertThat(kubelet.devices(WHOLE.text())).hasSize(4));
    Wait.until(() -> assertThat(kubelet.devices(SHARED.text())).hasSize(16));
    Wait.until(() -> assertThat(api.gpuNode().at("/status/serving").asBoolean()).isTrue());
  }

  private static String assigned(long boundAt, Held... held) {
    return new Assignment(boundAt, List.of(held)).text();
  }

  private static String whole(String slice) {
    return assigned(10, Held.whole(WHOLE, List.of(slice)));
  }

  private JsonNode slice(String uuid) {
    for (JsonNode slice : api.gpuNode().at("/status/gpus/0/slices")) {
      if (slice.get("uuid").asText().equals(uuid)) {
        return slice;
      }
    }
    throw new AssertionError(uuid + " is not in " + api.gpuNode());
  }

  private String metrics() throws Exception {
    return Http.get(daemon.metricsAddress(), "/metrics");
  }

  @Test
  void makesAGpuNodeThatTheNodeOwnsAndReportsItsSlices() throws Exception {
    JsonNode node = api.gpuNode();

    assertThat(node.at("/metadata/name").asText()).isEqualTo("gpu-a");
    assertThat(node.at("/metadata/ownerReferences/0/kind").asText()).isEqualTo("Node");
    assertThat(node.at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("node-uid");
    assertThat(node.at("/status/driverVersion").asText()).isEqualTo("575.57.08");
    assertThat(node.at("/status/gpus/0/model").asText()).isEqualTo("A100-SXM4-40GB");
    assertThat(slice(slices.get(1)).toString())
        .isEqualTo(
            "{\"uuid\":\""
                + slices.get(1)
                + "\",\"profile\":\"1g.5gb\",\"resource\":null,\"computeSlices\":1,\"memoryMiB\":4864,\"start\":1,"
                + "\"size\":1,\"health\":\"Healthy\",\"reason\":null,\"mode\":\"Free\",\"sharesTotal\":4,"
                + "\"holders\":[]}");
    Wait.until(
        () ->
            assertThat(api.gpuNode().at("/status/conditions").toString())
                .contains("\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Serving\""));
  }

  @Test
  void aPodGetsTheSliceThatWasAssignedAndIsReportedAsItsHolder() throws Exception {
    api.bind("team", "p", "uid-p", whole(slices.get(2)));

    assertThat(kubelet.admit("team/p", WHOLE.text(), 1)).containsExactly(slices.get(2));

    Wait.until(() -> assertThat(slice(slices.get(2)).at("/mode").asText()).isEqualTo("Whole"));
    assertThat(slice(slices.get(2)).at("/holders").toString())
        .isEqualTo("[{\"uid\":\"uid-p\",\"namespace\":\"team\",\"name\":\"p\",\"shares\":0}]");
  }

  @Test
  void anAssignmentThatTheWatchBringsASecondLateIsStillFollowed() throws Exception {
    Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            () ->
                api.bind("team", "p", "uid-p", assigned(10, Held.shares(SHARED, slices.get(3), 2))),
            later);

    Set<String> got = kubelet.admit("team/p", SHARED.text(), 2);

    late.get(20, TimeUnit.SECONDS);
    assertThat(got).containsExactly(slices.get(3) + "::0", slices.get(3) + "::1");
    assertThat(metrics()).doesNotContain("lamella_node_preference_fallbacks_total{");
  }

  @Test
  void withoutAnAssignmentAFallbackIsTakenAndCounted() throws Exception {
    api.bind("team", "p", "uid-p", whole(slices.get(0)));
    Wait.until(() -> assertThat(observed()).isEqualTo(api.version()));
    long before = System.nanoTime();

    Set<String> got = kubelet.admit("team/stray", SHARED.text(), 1);

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(got).containsExactly(slices.get(1) + "::0");
    assertThat(metrics())
        .contains("lamella_node_preference_fallbacks_total{resource=\"" + SHARED + "\",} 1.0");
  }

  private int observed() {
    return api.gpuNode().at("/status/observedPodResourceVersion").asInt();
  }

  @Test
  void aDeletedPodLeavesTheReportSoon() throws Exception {
    api.bind("team", "p", "uid-p", whole(slices.get(0)));
    kubelet.admit("team/p", WHOLE.text(), 1);
    Wait.until(() -> assertThat(slice(slices.get(0)).at("/holders")).hasSize(1));

    kubelet.ended("team/p");
    api.remove("uid-p");

    Wait.until(
        () -> {
          assertThat(observed()).isGreaterThanOrEqualTo(api.version());
          assertThat(slice(slices.get(0)).at("/mode").asText()).isEqualTo("Free");
        });
  }

  @Test
  void aPodThatOutlivesItsObjectStaysInTheReportUntilItsContainersEnd() throws Exception {
    api.bind("team", "p", "uid-p", whole(slices.get(0)));
    kubelet.admit("team/p", WHOLE.text(), 1);
    Wait.until(() -> assertThat(slice(slices.get(0)).at("/holders")).hasSize(1));

    api.remove("uid-p");
    Wait.until(() -> assertThat(observed()).isGreaterThanOrEqualTo(api.version()));
    assertThat(slice(slices.get(0)).at("/holders/0/uid").asText()).isEqualTo("uid-p");

    kubelet.ended("team/p");
    Wait.until(() -> assertThat(slice(slices.get(0)).at("/holders")).isEmpty());
  }

  @Test
  void refusesASliceThatIsPromisedInTheOtherMode() throws Exception {
    api.bind("team", "p", "uid-p", whole(slices.get(0)));
    Wait.until(() -> assertThat(observed()).isEqualTo(api.version()));

    assertThatThrownBy(() -> kubelet.allocate(SHARED.text(), Set.of(slices.get(0) + "::0")))
        .hasMessage(
            "FAILED_PRECONDITION: slice "
                + slices.get(0)
                + " was asked for as Shared, but is promised as Whole by the pod with UID uid-p:"
                + " delete the pod; let the scheduler extender place it");
    assertThat(metrics())
        .contains(
            "lamella_node_allocations_total{resource=\""
                + SHARED
                + "\",result=\"modes_would_mix\",} 1.0")
        .contains(
            "lamella_node_kubelet_call_seconds_count{call=\"allocate\",resource=\""
                + SHARED
                + "\",} 1.0")
        .containsPattern("lamella_node_nvml_call_seconds_count\\{call=\"memory\",} [1-9]");
  }

  @Test
  void aBrokenAssignmentIsIgnoredAndCounted() throws Exception {
    api.bind("team", "p", "uid-p", "{\"v\":2}");

    Wait.until(() -> assertThat(metrics()).contains("lamella_node_ignored_assignments_total 1.0"));
  }

  @Test
  void goesOnAfterTheWatchBrokeOffOrIsTooOld() throws Exception {
    api.endWatches();
    api.bind("team", "p", "uid-p", whole(slices.get(3)));
    Wait.until(() -> assertThat(observed()).isEqualTo(api.version()));
    api.expire();
    api.bind("team", "q", "uid-q", whole(slices.get(2)));
    Wait.until(() -> assertThat(observed()).isEqualTo(api.version()));

    assertThat(kubelet.admit("team/p", WHOLE.text(), 1)).containsExactly(slices.get(3));
    assertThat(kubelet.admit("team/q", WHOLE.text(), 1)).containsExactly(slices.get(2));
    assertThat(api.requests())
        .anyMatch(
            Pattern.compile(
                    "GET /api/v1/pods\\?.*spec.nodeName=gpu-a,status.phase!=Succeeded,"
                        + "status.phase!=Failed.*")
                .asMatchPredicate());
  }

  @Test
  void reportsAgainWhenTheApiServerIsBackOrTheObjectWasDeleted() throws Exception {
    api.bind("team", "p", "uid-p", whole(slices.get(0)));
    Wait.until(() -> assertThat(observed()).isEqualTo(api.version()));
    api.down(true);
    kubelet.admit("team/p", WHOLE.text(), 1);
    api.deleteGpuNode();

    api.down(false);

    Wait.until(() -> assertThat(api.gpuNode().at("/status/gpus")).hasSize(1));
    Wait.until(() -> assertThat(slice(slices.get(0)).at("/mode").asText()).isEqualTo("Whole"));
  }

  @Test
  void reportsThatItNoLongerServesWhenItIsClosed() throws Exception {
    long before = System.nanoTime();
    daemon.close();

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    assertThat(api.gpuNode().at("/status/serving").asBoolean()).isFalse();
    assertThat(api.gpuNode().at("/status/conditions").toString()).contains("\"Stopping\"");
    assertThat(daemon.awaitEnd()).isEmpty();
    daemon.close();
  }

  @Test
  void lettingGoWaitsForAPodThatWasAssignedADevice() throws Exception {
    api.bind("team", "p", "uid-p", whole(slices.get(1)));
    Wait.until(() -> assertThat(observed()).isEqualTo(api.version()));

    CompletableFuture<Void> drained =
        CompletableFuture.runAsync(() -> daemon.drain(Duration.ofSeconds(60)));

    Wait.until(() -> assertThat(api.gpuNode().at("/status/serving").asBoolean()).isFalse());
    assertThat(drained).isNotDone();
    assertThat(kubelet.admit("team/p", WHOLE.text(), 1)).containsExactly(slices.get(1));
    drained.get(20, TimeUnit.SECONDS);
  }

  @Test
  void lettingGoEndsWithItsLimit() throws Exception {
    api.bind("team", "p", "uid-p", whole(slices.get(1)));
    Wait.until(() -> assertThat(observed()).isEqualTo(api.version()));
    long before = System.nanoTime();

    daemon.drain(Duration.ofMillis(300));

    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
  }

  @Test
  void closesInTimeWithoutAnApiServer() {
    api.close();
    long before = System.nanoTime();
    daemon.close();

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("pod-watch", "pod-resources", "report", "driver", "kubelet-session");
  }

  @Test
  void showsSlicesAndHoldersAsSeries() throws Exception {
    api.bind("team", "p", "uid-p", assigned(10, Held.shares(SHARED, slices.get(0), 1)));
    kubelet.admit("team/p", SHARED.text(), 1);
    String series = "mode=\"Shared\",namespace=\"team\",pod=\"p\",container=\"main\",} 0.25";

    Wait.until(() -> assertThat(metrics()).contains(series));
    assertThat(metrics())
        .contains("lamella_slice_healthy{node=\"gpu-a\",gpu=\"0\",UUID=\"GPU-")
        .contains("lamella_node_registrations_total{resource=\"nvidia.com/mig-1g.5gb\"");

    kubelet.ended("team/p");
    api.remove("uid-p");
    Wait.until(() -> assertThat(metrics()).doesNotContain(series));
    assertThat(Http.get(daemon.metricsAddress(), "/healthz")).isEqualTo("ok\n");
  }

  @Test
  void severalLiveInOneJvm(@TempDir Path other) throws Exception {
    try (FakeKubelet second = FakeKubelet.start(other);
        DevicePlugin neighbour =
            DevicePlugin.start(
                "--standalone",
                "--node-name=gpu-a",
                "--kubelet-dir=" + other,
                "--nvml=simulated:" + dir.resolve("nodes.yaml"),
                "--metrics-address=127.0.0.1:0")) {
      Wait.until(() -> assertThat(second.devices(WHOLE.text())).hasSize(4));
      assertThat(neighbour.metricsAddress()).isNotEqualTo(daemon.metricsAddress());
    }
    assertThat(kubelet.devices(WHOLE.text())).hasSize(4);
  }
}
