package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every manifest of docs/examples is one that the API server takes, every field known; what needs
 * nothing but Kubernetes and Lamella is run.
 */
@ExtendWith(ClusterExtension.class)
class ExamplesTest {

  private static final String KSERVE = "github.com/kserve/kserve@v0.15.2";
  private static final String INFERENCE_SERVICES =
      "config/crd/full/serving.kserve.io_inferenceservices.yaml";

  private static final List<String> SCENE =
      List.of("namespaces.yaml", "tenants.yaml", "quotas.yaml", "limits.yaml");

  @BeforeAll
  static void scene(Cluster cluster) throws Exception {
    Path crd = GoModule.fetch(KSERVE).resolve(INFERENCE_SERVICES);
    cluster.kubectl().run("apply", "--server-side", "-f", crd.toString());
    Eventually.succeeds(
        "InferenceService served",
        () -> cluster.kubectl().run("get", "inferenceservices.serving.kserve.io"));
    for (String manifest : SCENE) {
      apply(cluster, "two-teams/" + manifest);
    }
  }

  @AfterAll
  static void remove(Cluster cluster) throws Exception {
    cluster.kubectl().run("delete", "tenants", "--all");
    cluster.kubectl().run("delete", "crd", "inferenceservices.serving.kserve.io");
    cluster.kubectl().run("delete", "priorityclass", "serving", "canary", "--ignore-not-found");
    Team.of(cluster, "team-alpha").close();
    Team.of(cluster, "team-beta").close();
  }

  static List<Path> manifests() throws IOException {
    Path examples = Checkout.find().examples();
    try (Stream<Path> files = Files.walk(examples)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.endsWith("nodes.yaml"))
          .filter(file -> !file.toString().endsWith(".values.yaml"))
          .map(examples::relativize)
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void isTakenByTheApiServer(Path manifest, Cluster cluster) throws Exception {
    String file = cluster.checkout().examples().resolve(manifest).toString();

    String told =
        cluster.kubectl().run("apply", "--dry-run=server", "--validate=strict", "-f", file);

    assertThat(told.lines()).isNotEmpty().allMatch(line -> line.endsWith("(server dry run)"));
  }

  @Test
  void aJobRunsOnShares(Cluster cluster) throws Exception {
    apply(cluster, "batch/job.yaml");

    Set<String> nodes = running(cluster, "team-beta", "nightly-scores", 4);

    assertThat(nodes).as("four shares, one slice").hasSize(1);
    Agreement.await(cluster, Team.of(cluster, "team-beta"));
    cluster.kubectl().run("delete", "-n", "team-beta", "job", "nightly-scores", "--wait");
  }

  @Test
  void aCanaryOfALowerPriorityRuns(Cluster cluster) throws Exception {
    apply(cluster, "priorities/classes.yaml");

    Team.of(cluster, "team-alpha").await("canary", "Running");
    Team.of(cluster, "team-alpha").delete("canary");
  }

  @ParameterizedTest
  @MethodSource("rollouts")
  void aNewVersionRollsOut(String name, String manifest, Cluster cluster) throws Exception {
    apply(cluster, "rollout/" + manifest);
    cluster.kubectl().run("rollout", "status", "-n", "team-alpha", "deployment", name);

    cluster
        .kubectl()
        .run(
            "patch",
            "-n",
            "team-alpha",
            "deployment",
            name,
            "-p",
            "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"version\":\"v2\"}}}}}");
    cluster.kubectl().run("rollout", "status", "-n", "team-alpha", "deployment", name);

    Eventually.succeeds(
        "the old version gone",
        () ->
            assertThat(Team.of(cluster, "team-alpha").pods())
                .filteredOn(pod -> pod.at("/metadata/labels/app").asText().equals(name))
                .allMatch(pod -> pod.at("/metadata/labels/version").asText().equals("v2"))
                .hasSize(2));
    cluster.kubectl().run("delete", "-n", "team-alpha", "deployment", name, "--wait");
    Eventually.succeeds(
        "its pods gone", () -> assertThat(Team.of(cluster, "team-alpha").pods()).isEmpty());
  }

  static List<Arguments> rollouts() {
    return List.of(
        Arguments.of("surging", "surge.yaml"), Arguments.of("in-place", "in-place.yaml"));
  }

  /** Waits for a job's pods to run; their nodes. */
  private static Set<String> running(Cluster cluster, String team, String job, int count)
      throws Exception {
    return Eventually.yields(
        job + " running",
        () -> {
          List<JsonNode> pods =
              Team.of(cluster, team).pods().stream()
                  .filter(pod -> pod.at("/metadata/labels/job-name").asText().equals(job))
                  .filter(pod -> Team.phase(pod).equals("Running"))
                  .toList();
          assertThat(pods).hasSize(count);
          return pods.stream()
              .map(pod -> pod.at("/spec/nodeName").asText())
              .collect(Collectors.toCollection(TreeSet::new));
        });
  }

  private static void apply(Cluster cluster, String manifest) throws Exception {
    cluster
        .kubectl()
        .run("apply", "-f", cluster.checkout().examples().resolve(manifest).toString());
  }
}
