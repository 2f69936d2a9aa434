package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** helm upgrade and uninstall take nothing from anybody. */
@ExtendWith(ClusterExtension.class)
class ChartLifecycleTest {

  private static final String NODE = "gpu-a";
  private static final String TENANT =
      """
      apiVersion: lamella.dev/v1alpha1
      kind: Tenant
      metadata: {name: lasting}
      spec: {namespaces: [lasting], class: BestEffort, quota: {limit: {computeSlices: "5"}}}
      """;

  /** Switched on, but for nodes that do not exist: nothing here runs images. */
  private static final List<String> NOWHERE =
      List.of(
          "devicePlugin.enabled=true",
          "schedulerExtender.enabled=true",
          "schedulerExtender.nodeSelector.nowhere=yes");

  @TempDir private Path folder;

  private Team team;
  private Map<String, String> before;

  @BeforeEach
  void runPods(Cluster cluster) throws Exception {
    cluster.kubectl().apply(TENANT);
    team = Team.create(cluster, "lasting");
    team.run(PodOf.asking("whole", PodOf.WHOLE, 1).on(NODE));
    team.run(PodOf.asking("share", PodOf.SHARE, 1).on(NODE));
    Agreement.await(cluster, team);
    before = lasting(cluster);
    assertThat(before).hasSize(2 + 1 + cluster.nodes().size());
  }

  @AfterEach
  void remove(Cluster cluster) throws Exception {
    team.close();
    cluster.kubectl().run("delete", "tenant", "lasting");
  }

  @Test
  void anUpgradeKeepsTenantsNodesAndAssignments(Cluster cluster) throws Exception {
    upgrade(cluster, cluster.checkout().chart(), List.of("commonLabels.generation=two"));
    assertThat(label(cluster, "generation")).isEqualTo("two");
    requireUnchanged(cluster);

    upgrade(cluster, version(cluster, "0.2.0"), List.of("devicePlugin.config.shares.default=4"));
    assertThat(label(cluster, "helm.sh/chart")).isEqualTo("lamella-0.2.0");
    assertThat(image(cluster, "daemonsets/lamella-device-plugin"))
        .isEqualTo("lamella-device-plugin:0.2.0");
    assertThat(image(cluster, "deployments/lamella-scheduler-extender"))
        .isEqualTo("lamella-scheduler-extender:0.2.0");
    requireUnchanged(cluster);
    requireANewPodFits(cluster);
  }

  @Test
  void anUninstallLeavesPodsAndWhatTheyHold(Cluster cluster) throws Exception {
    String notes = cluster.kubectl().helm(release("get notes"), List.of());
    assertThat(notes).contains("helm uninstall leaves").contains("Tenant", "GpuNode", "pods");
    cluster.kubectl().helm(release("uninstall", "--wait"), List.of());

    assertThat(cluster.kubectl().run("get", "all", "--namespace", Cluster.SYSTEM)).isBlank();
    assertThat(ofRelease(cluster)).isBlank();
    requireUnchanged(cluster);

    cluster.reinstall();
    Agreement.await(cluster, team);
    requireUnchanged(cluster);
    requireANewPodFits(cluster);
  }

  private void requireUnchanged(Cluster cluster) throws Exception {
    assertThat(lasting(cluster)).isEqualTo(before);
  }

  private void requireANewPodFits(Cluster cluster) throws Exception {
    team.run(PodOf.asking("later", PodOf.WHOLE, 1).on(NODE));
    Agreement.await(cluster, team);
    assertThat(Agreement.slices(cluster, team, "later"))
        .hasSize(1)
        .doesNotContainAnyElementsOf(Agreement.slices(cluster, team, "whole"))
        .doesNotContainAnyElementsOf(Agreement.slices(cluster, team, "share"));
  }

  /** Who is there, by UID, with what must not change of it. */
  private Map<String, String> lasting(Cluster cluster) throws IOException {
    Map<String, String> all = new TreeMap<>();
    for (JsonNode pod : team.pods()) {
      all.put(
          "pod " + Team.uid(pod),
          Team.phase(pod)
              + pod.at("/metadata/annotations").path(LamellaApi.ASSIGNMENT)
              + pod.at("/status/containerStatuses/0/restartCount"));
    }
    for (String resource : List.of("tenants", "gpunodes")) {
      for (JsonNode object :
          cluster.kube().get("/apis/lamella.dev/v1alpha1/" + resource).path("items")) {
        all.put(resource + " " + Team.uid(object), object.path("spec").toString());
      }
    }
    return all;
  }

  private static void upgrade(Cluster cluster, Path chart, List<String> changed)
      throws IOException, InterruptedException {
    List<String> values = new ArrayList<>(Cluster.values());
    values.addAll(NOWHERE);
    values.addAll(changed);
    cluster.kubectl().helm(release("upgrade", chart.toString()), values);
  }

  /** Arguments about the release: what to do, and what stands behind its name. */
  private static List<String> release(String verb, String... rest) {
    List<String> arguments = new ArrayList<>(List.of(verb.split(" ")));
    arguments.add("lamella");
    arguments.addAll(List.of(rest));
    arguments.addAll(List.of("--namespace", Cluster.SYSTEM));
    return arguments;
  }

  /** The chart as it would be released next. */
  private Path version(Cluster cluster, String version) throws IOException {
    Path source = cluster.checkout().chart();
    Path copy = folder.resolve("lamella");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(source.relativize(file).toString()));
      }
    }
    Path metadata = copy.resolve("Chart.yaml");
    Files.writeString(
        metadata,
        Files.readString(metadata)
            .replaceAll("(?m)^version: .*", "version: " + version)
            .replaceAll("(?m)^appVersion: .*", "appVersion: " + version));
    return copy;
  }

  private static String label(Cluster cluster, String label) throws IOException {
    return cluster
        .kube()
        .get("/apis/rbac.authorization.k8s.io/v1/clusterroles/lamella-device-plugin")
        .path("metadata")
        .path("labels")
        .path(label)
        .asText();
  }

  private static String image(Cluster cluster, String workload) throws IOException {
    return cluster
        .kube()
        .get("/apis/apps/v1/namespaces/" + Cluster.SYSTEM + "/" + workload)
        .at("/spec/template/spec/containers/0/image")
        .asText();
  }

  /** What is left of the release's objects that belong to no namespace. */
  private static String ofRelease(Cluster cluster) throws IOException, InterruptedException {
    return cluster
        .kubectl()
        .run(
            "get",
            "clusterroles,clusterrolebindings,mutatingwebhookconfigurations,"
                + "validatingadmissionpolicies,validatingadmissionpolicybindings",
            "--selector",
            "app.kubernetes.io/instance=lamella",
            "--output",
            "name");
  }
}
