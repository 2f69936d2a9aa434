package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way that leads a pod to a slice, with the chart's webhook and admission policies on the
 * real API server: through the scheduler, or not at all.
 */
@ExtendWith(ClusterExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryWayInTest {

  private static final String FORGED =
      "{\"v\":1,\"boundAt\":1,\"held\":[{\"resource\":\"nvidia.com/mig-1g.5gb\","
          + "\"slices\":[\"MIG-x\"]}]}";
  private static final String TENANTS =
      """
      apiVersion: lamella.dev/v1alpha1
      kind: Tenant
      metadata: {name: %1$s}
      spec: {namespaces: [%1$s], class: %2$s}
      ---
      """;

  @TempDir static Path folder;
  private final List<Team> teams = new ArrayList<>();
  private Cluster cluster;
  private Path config;
  private Team plain;

  @BeforeAll
  void install(Cluster shared) throws Exception {
    cluster = shared;
    Doorway.open(cluster, cluster.secureUrl(), "scheduler.enabled=false");
    cluster
        .kubectl()
        .apply(
            TENANTS.formatted("rewriting", "BestEffort, wholeSlices: Rewrite")
                + TENANTS.formatted("refusing", "BestEffort, wholeSlices: Refuse")
                + TENANTS.formatted("critical", "LatencyCritical"));
    config = Doorway.config(folder);
    cluster.secureExtender(config);
    Doorway.awaitTrust(cluster);
  }

  @AfterAll
  void remove() throws Exception {
    Doorway.close(cluster);
    cluster.kubectl().run("delete", "tenants.lamella.dev", "rewriting", "refusing", "critical");
    cluster.bareExtender();
  }

  @BeforeEach
  void create() throws Exception {
    plain = team("ways");
  }

  private Team team(String namespace) throws Exception {
    teams.add(Team.create(cluster, namespace));
    return teams.get(teams.size() - 1);
  }

  @AfterEach
  void close() {
    teams.forEach(Team::close);
    teams.clear();
  }

  private static PodOf share(String name) {
    return PodOf.asking(name, PodOf.SHARE, 1);
  }

  private static String refusal(ThrowingCallable call) {
    Kube.Refused refused = catchThrowableOfType(Kube.Refused.class, call);
    assertThat(refused).as("refused").isNotNull();
    assertThat(refused.code()).isEqualTo(403);
    return refused.getMessage();
  }

  @Test
  void anAssignmentCannotBeForgedOnCreation() throws Exception {
    assertThat(refusal(() -> plain.create(share("a").annotated(LamellaApi.ASSIGNMENT, FORGED))))
        .contains("ValidatingAdmissionPolicy 'lamella-assignment'")
        .contains("is written when it is bound: leave it out");
    assertThat(
            refusal(
                () ->
                    plain.create(
                        PodOf.named("b").plain("c").annotated(LamellaApi.ASSIGNMENT, FORGED))))
        .contains("is written when it is bound: leave it out");
  }

  @Test
  void anAssignmentCannotBeChangedAddedOrRemoved() throws Exception {
    plain.run(share("a"));
    plain.run(PodOf.named("b").plain("c"));
    String given = annotation("a");
    for (String path : List.of("pods/a", "pods/a/status", "pods/b", "pods/b/status")) {
      assertThat(refusal(() -> annotate(path, LamellaApi.ASSIGNMENT, FORGED)))
          .as(path)
          .contains("it cannot be added, changed or removed");
    }
    assertThat(refusal(() -> annotate("pods/a", LamellaApi.ASSIGNMENT, null)))
        .contains("it cannot be added, changed or removed");
    annotate("pods/a", "example.com/note", "mine");

    assertThat(annotation("a")).isEqualTo(given);
  }

  private String annotation(String pod) throws Exception {
    return plain.pod(pod).at("/metadata/annotations").path(LamellaApi.ASSIGNMENT).asText();
  }

  private void annotate(String path, String key, String value) throws Exception {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(key, value);
    cluster.kube().patch(plain.path(path), Map.of("metadata", Map.of("annotations", annotations)));
  }

  @Test
  void onlyTheExtenderBindsWithAnAssignment() throws Exception {
    plain.create(PodOf.named("a").plain("c").leftAlone());
    for (String path : List.of("pods/a/binding", "bindings")) {
      assertThat(refusal(() -> bind(path, Map.of(LamellaApi.ASSIGNMENT, FORGED))))
          .as(path)
          .contains("ValidatingAdmissionPolicy 'lamella-binding'")
          .contains("only the scheduler extender gives slices to pods");
    }
    bind("pods/a/binding", Map.of("example.com/note", "mine"));
    plain.await("a", "Running");
  }

  private void bind(String path, Map<String, String> annotations) throws Exception {
    cluster
        .kube()
        .post(
            plain.path(path),
            Map.of(
                "metadata",
                Map.of("name", "a", "annotations", annotations),
                "target",
                Map.of("kind", "Node", "name", "gpu-a")));
  }

  @Test
  void aDaemonWritesTheGpuNodeOfItsOwnNodeOnly() throws Exception {
    Kube daemon = new Kube(ControlPlane.client(cluster.pluginKubeconfig("gpu-a")));
    Kube nowhere = new Kube(ControlPlane.client(cluster.pluginKubeconfig()));
    Map<String, Object> patch = Map.of("status", Map.of("driverVersion", "forged"));

    assertThat(refusal(() -> daemon.patch(gpuNode("gpu-b"), patch)))
        .contains("ValidatingAdmissionPolicy 'lamella-gpunodes'")
        .contains(
            "a device plugin reports for its own node only, and its token is not one of node"
                + " gpu-b");
    assertThat(refusal(() -> nowhere.patch(gpuNode("gpu-a"), patch)))
        .contains("its token is not one of node gpu-a");
    Map<String, Object> made =
        Map.of(
            "apiVersion",
            "lamella.dev/v1alpha1",
            "kind",
            "GpuNode",
            "metadata",
            Map.of("name", "gpu-z"),
            "spec",
            Map.of());
    assertThat(refusal(() -> daemon.post("/apis/lamella.dev/v1alpha1/gpunodes", made)))
        .contains("its token is not one of node gpu-z");
    assertThat(daemon.patch(gpuNode("gpu-a"), Map.of("status", Map.of())).at("/status/serving"))
        .hasToString("true");
    assertThat(cluster.kube().get(gpuNode("gpu-b")).at("/status/driverVersion").asText())
        .isNotEqualTo("forged");
  }

  private static String gpuNode(String name) {
    return "/apis/lamella.dev/v1alpha1/gpunodes/" + name + "/status";
  }

  @Test
  void aPodThatAsksForSlicesCannotBringItsNode() throws Exception {
    assertThat(refusal(() -> plain.create(share("a").boundTo("gpu-a"))))
        .contains("ValidatingAdmissionPolicy 'lamella-placement'")
        .contains("spec.nodeName is preset")
        .contains("use spec.nodeSelector to have a certain node");
    assertThat(
            refusal(
                () ->
                    plain.create(
                        PodOf.named("b").init("i", PodOf.WHOLE, 1).plain("c").boundTo("gpu-a"))))
        .contains("spec.nodeName is preset");
    plain.run(PodOf.named("c").plain("c").boundTo("gpu-a"));
  }

  @Test
  void withTheBundledSchedulerAForeignOneIsRefused() throws Exception {
    Doorway.open(cluster, cluster.secureUrl(), "scheduler.enabled=true");
    try {
      Eventually.succeeds(
          "policy in force",
          () ->
              assertThat(refusal(() -> plain.create(share("a").leftAlone())))
                  .contains("spec.schedulerName is nobody, but pods that ask for GPU slices are")
                  .contains("placed by lamella-scheduler"));
      plain.create(PodOf.named("b").plain("c").leftAlone());
    } finally {
      Doorway.open(cluster, cluster.secureUrl(), "scheduler.enabled=false");
      Eventually.succeeds("policy away", () -> plain.create(share("c" + System.nanoTime())));
    }
  }

  @Test
  void wholeSlicesBecomeSharesOnDistinctSlices() throws Exception {
    Team team = team("rewriting");
    team.run(PodOf.asking("a", PodOf.WHOLE, 2));
    JsonNode pod = team.pod("a");

    assertThat(pod.at("/spec/containers/0/resources/limits"))
        .hasToString("{\"" + PodOf.SHARE + "\":\"2\"}");
    assertThat(pod.at("/spec/containers/0/resources/requests"))
        .hasToString("{\"" + PodOf.SHARE + "\":\"2\"}");
    Agreement.await(cluster, team);
    Set<String> slices = Agreement.slices(cluster, team, "a");
    assertThat(slices).hasSize(2);
    team.run(PodOf.asking("b", PodOf.WHOLE, 1).on(pod.at("/spec/nodeName").asText()));
    Agreement.await(cluster, team);
    assertThat(slices).containsAll(Agreement.slices(cluster, team, "b"));
  }

  @Test
  void whoMayNotHaveWholeSlicesHearsItAtOnce() throws Exception {
    Team team = team("refusing");

    assertThat(refusal(() -> team.create(PodOf.asking("a", PodOf.WHOLE, 1))))
        .contains("admission webhook \\\"pods.lamella.dev\\\" denied the request")
        .contains(
            "tenant refusing gets shares, not whole slices: container main asks for"
                + " nvidia.com/mig-1g.5gb, ask for nvidia.com/mig-1g.5gb.shared");
    team.run(share("b"));
  }

  @Test
  void podsThatAskForSlicesAreSentToGpuNodesAndOthersAreNotTouched() throws Exception {
    Team team = team("critical");
    JsonNode asking = team.create(PodOf.asking("a", PodOf.WHOLE, 1));
    JsonNode other = team.create(PodOf.named("b").plain("c"));

    assertThat(asking.at("/spec/containers/0/resources/limits"))
        .hasToString("{\"" + PodOf.WHOLE + "\":\"1\"}");
    assertThat(asking.at("/spec/tolerations").toString())
        .contains("{\"key\":\"nvidia.com/gpu\",\"operator\":\"Exists\",\"effect\":\"NoSchedule\"}");
    assertThat(asking.at("/spec/affinity/nodeAffinity").toString())
        .contains("{\"key\":\"kubernetes.io/os\",\"operator\":\"In\",\"values\":[\"linux\"]}");
    assertThat(other.at("/spec/tolerations").toString()).doesNotContain("nvidia.com");
    assertThat(other.at("/spec").has("affinity")).isFalse();
    assertThat(other.at("/metadata/annotations").isMissingNode()).isTrue();
    team.await("a", "Running");
  }

  @Test
  void withoutTheWebhookPodsThatAskForSlicesAreRefusedAndOthersPass() throws Exception {
    cluster.stopExtender();
    try {
      assertThatThrownBy(() -> plain.create(share("a")))
          .hasMessageContaining("500 ")
          .hasMessageContaining("failed calling webhook \\\"pods.lamella.dev\\\"");
      plain.run(PodOf.named("b").plain("c"));
    } finally {
      cluster.startExtender("--config", config.toString());
    }
    plain.run(share("a"));
  }
}
