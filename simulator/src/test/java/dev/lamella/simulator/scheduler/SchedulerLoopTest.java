package dev.lamella.simulator.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.simulator.kube.Await;
import io.kubernetes.client.openapi.models.CoreV1Event;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSchedulingGate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulerLoopTest {

  private static final String SLICE = "nvidia.com/mig-1g.5gb";

  private TestCluster cluster;
  private ScriptedExtender extender;
  private SchedulerLoop scheduler;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    extender = new ScriptedExtender();
    extender.answer("bind", cluster::bindAsAsked);
  }

  @AfterEach
  void close() {
    if (scheduler != null) {
      scheduler.close();
    }
    extender.close();
    cluster.close();
  }

  private void schedule(boolean nodeCacheCapable) {
    ExtenderOptions options =
        ExtenderOptions.of(extender.uri(), r -> r.startsWith("nvidia.com/"))
            .withNodeCacheCapable(nodeCacheCapable)
            .withWeight(3);
    scheduler =
        SchedulerLoop.start(
            cluster.api.uri(),
            SchedulerOptions.defaults()
                .withExtender(options)
                .withBackoff(Duration.ofMillis(50), Duration.ofMillis(200)));
  }

  private String settled(String pod) throws Exception {
    String uid = cluster.pod(pod).getMetadata().getUid();
    Await.until(() -> pod + " was not tried", () -> scheduler.attempts(uid) > 0);
    return cluster.condition(pod);
  }

  @Test
  void speaksWithGoFieldNamesAndExplicitNulls() throws Exception {
    cluster.node("a");
    cluster.create(TestCluster.wants("p", SLICE, "1"));
    schedule(true);
    cluster.awaitBound("p", "a");
    ScriptedExtender.Call filter = extender.calls("filter").get(0);
    assertThat(filter.body().fieldNames())
        .toIterable()
        .containsExactly("Pod", "Nodes", "NodeNames");
    assertThat(filter.body().get("Nodes").isNull()).isTrue();
    assertThat(filter.body().get("NodeNames").get(0).asText()).isEqualTo("a");
    assertThat(filter.body().get("Pod").get("metadata").get("name").asText()).isEqualTo("p");
    assertThat(filter.contentLength()).isNotNull();
    JsonNode bind = extender.calls("bind").get(0).body();
    assertThat(bind.fieldNames())
        .toIterable()
        .containsExactly("PodName", "PodNamespace", "PodUID", "Node");
    assertThat(bind.get("PodUID").asText()).isEqualTo(cluster.pod("p").getMetadata().getUid());
  }

  @Test
  void sendsNodesToAnExtenderWithoutACache() throws Exception {
    cluster.node("a");
    extender.answer("filter", body -> "{\"Nodes\":" + body.get("Nodes") + ",\"NodeNames\":null}");
    cluster.create(TestCluster.wants("p", SLICE, "1"));
    schedule(false);
    cluster.awaitBound("p", "a");
    JsonNode body = extender.calls("filter").get(0).body();
    assertThat(body.get("NodeNames").isNull()).isTrue();
    assertThat(body.at("/Nodes/items/0/metadata/name").asText()).isEqualTo("a");
  }

  @Test
  void doesNotAskForScoresWhenOneNodeIsLeft() throws Exception {
    cluster.node("a");
    cluster.node("b");
    extender.answer("filter", body -> "{\"NodeNames\":[\"b\"],\"FailedNodes\":{\"a\":\"full\"}}");
    cluster.create(TestCluster.wants("p", SLICE, "1"));
    schedule(true);
    cluster.awaitBound("p", "b");
    assertThat(extender.calls("prioritize")).isEmpty();
  }

  @Test
  void scoresOfTheExtenderDecide() throws Exception {
    cluster.node("a");
    cluster.node("b");
    cluster.node("c");
    extender.answer(
        "prioritize",
        body -> "[{\"Host\":\"b\",\"Score\":10},{\"Host\":\"a\",\"Score\":9},{\"Host\":\"z\"}]");
    for (int i = 0; i < 5; i++) {
      cluster.create(TestCluster.wants("p" + i, SLICE, "1"));
    }
    schedule(true);
    for (int i = 0; i < 5; i++) {
      cluster.awaitBound("p" + i, "b");
    }
  }

  @Test
  void aPodThatDoesNotAskForItsResourcesNeverReachesTheExtender() throws Exception {
    cluster.node("a");
    cluster.create(TestCluster.wants("plain", "cpu", "1"));
    schedule(true);
    cluster.awaitBound("plain", "a");
    assertThat(extender.calls).isEmpty();
    Await.until(
        () -> cluster.events("plain").toString(),
        () ->
            cluster.events("plain").stream()
                .anyMatch(
                    e ->
                        e.getReason().equals("Scheduled")
                            && e.getMessage().equals("Successfully assigned default/plain to a")));
  }

  @Test
  void saysWhyInConditionAndEvent() throws Exception {
    for (String node : List.of("a", "b", "c")) {
      cluster.node(node);
    }
    cluster.cordon("c");
    extender.answer(
        "filter",
        body ->
            "{\"NodeNames\":[],\"FailedNodes\":{\"a\":\"x\",\"b\":\"tenant at its limit\"},"
                + "\"FailedAndUnresolvableNodes\":{\"a\":\"tenant at its limit\"}}");
    cluster.create(TestCluster.wants("p", SLICE, "1"));
    schedule(true);
    String expected =
        "0/3 nodes are available: 1 node(s) were unschedulable, 2 tenant at its limit.";
    assertThat(settled("p")).isEqualTo("Unschedulable: " + expected);
    assertThat(extender.calls("filter").get(0).body().get("NodeNames"))
        .extracting(JsonNode::asText)
        .containsExactly("a", "b");
    assertThat(cluster.events("p"))
        .extracting(CoreV1Event::getReason, CoreV1Event::getMessage)
        .containsExactly(tuple("FailedScheduling", expected));
  }

  @Test
  void triesARejectedPodAgainWhenANodesAnnotationChangesAndNotBefore() throws Exception {
    cluster.node("a");
    AtomicInteger free = new AtomicInteger();
    extender.answer(
        "filter",
        body -> free.get() > 0 ? "{\"NodeNames\":[\"a\"]}" : "{\"FailedNodes\":{\"a\":\"full\"}}");
    cluster.create(TestCluster.wants("p", SLICE, "1"));
    schedule(true);
    settled("p");
    cluster.heartbeat("a");
    cluster.create(TestCluster.wants("later", "cpu", "1"));
    cluster.awaitBound("later", "a");
    assertThat(extender.calls("filter")).hasSize(1);
    free.set(1);
    cluster.annotate("a", "lamella.dev/poke", "1");
    cluster.awaitBound("p", "a");
    assertThat(extender.calls("filter")).hasSize(2);
  }

  @Test
  void triesARejectedPodAgainWhenAnotherEnds() throws Exception {
    cluster.node("a");
    cluster.create(TestCluster.wants("big", "cpu", "8"));
    schedule(true);
    cluster.awaitBound("big", "a");
    cluster.create(TestCluster.wants("next", "cpu", "1"));
    assertThat(settled("next"))
        .isEqualTo("Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.");
    cluster.succeed("big");
    cluster.awaitBound("next", "a");
  }

  @Test
  void aRefusedBindIsTriedAgain() throws Exception {
    cluster.node("a");
    AtomicInteger binds = new AtomicInteger();
    extender.answer(
        "bind",
        body ->
            binds.incrementAndGet() < 3
                ? "{\"Error\":\"the world moved\"}"
                : cluster.bindAsAsked(body));
    cluster.create(TestCluster.wants("p", SLICE, "1"));
    schedule(true);
    cluster.awaitBound("p", "a");
    assertThat(cluster.events("p"))
        .filteredOn(e -> e.getReason().equals("FailedScheduling"))
        .extracting(CoreV1Event::getMessage, CoreV1Event::getCount)
        .containsExactly(tuple("binding rejected: the world moved", 2));
    assertThat(binds).hasValue(3);
  }

  @Test
  void anExtenderThatFailsFailsTheAttempt() throws Exception {
    cluster.node("a");
    extender.answer("filter", body -> "500 broken");
    cluster.create(TestCluster.wants("status", SLICE, "1"));
    schedule(true);
    assertThat(settled("status")).startsWith("SchedulerError: ").contains("500");
    extender.answer("filter", body -> "{\"Error\":\"not synced\"}");
    cluster.create(TestCluster.wants("error", SLICE, "1"));
    assertThat(settled("error")).isEqualTo("SchedulerError: not synced");
    extender.answer("filter", body -> "{\"NodeNames\":[\"elsewhere\"]}");
    cluster.create(TestCluster.wants("unknown", SLICE, "1"));
    assertThat(settled("unknown")).contains("elsewhere").contains("not found");
    extender.answer("filter", body -> "");
    cluster.create(TestCluster.wants("empty", SLICE, "1"));
    assertThat(settled("empty")).contains("EOF");
  }

  @Test
  void scheduledGatesHoldAPodBack() throws Exception {
    cluster.node("a");
    V1Pod gated = TestCluster.wants("gated", SLICE, "1");
    gated.getSpec().setSchedulingGates(List.of(new V1PodSchedulingGate().name("later")));
    cluster.create(gated);
    V1Pod foreign = TestCluster.wants("foreign", SLICE, "1");
    foreign.getSpec().setSchedulerName("another");
    cluster.create(foreign);
    schedule(true);
    cluster.create(TestCluster.wants("free", SLICE, "1"));
    cluster.awaitBound("free", "a");
    assertThat(extender.calls("filter")).hasSize(1);
  }

  @Test
  void selectorsAndTaintsKeepNodesFromTheExtender() throws Exception {
    cluster.node("a");
    cluster.node("b");
    cluster.taint("b", "gpu", "NoSchedule");
    V1Pod pod = TestCluster.wants("p", SLICE, "1");
    pod.getSpec().setNodeSelector(Map.of("kubernetes.io/hostname", "b"));
    cluster.create(pod);
    schedule(true);
    assertThat(settled("p"))
        .isEqualTo(
            "Unschedulable: 0/2 nodes are available: 1 node(s) didn't match Pod's node"
                + " affinity/selector, 1 node(s) had untolerated taint {gpu: }.");
    assertThat(extender.calls).isEmpty();
  }

  @Test
  void leavesNoThreadBehind() {
    schedule(true);
    scheduler.close();
    Await.until(() -> "left: " + threads(), () -> threads().isEmpty());
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("scheduler"))
        .toList();
  }
}
