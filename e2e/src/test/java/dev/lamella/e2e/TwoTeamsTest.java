package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.SliceStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** docs/examples/two-teams, applied with kubectl; Deployments are upstream's controllers'. */
@ExtendWith(ClusterExtension.class)
class TwoTeamsTest {

  private static final List<String> MANIFESTS =
      List.of("namespaces.yaml", "tenants.yaml", "quotas.yaml", "alpha.yaml", "beta.yaml");

  @BeforeAll
  static void apply(Cluster cluster) throws Exception {
    for (String manifest : MANIFESTS) {
      cluster.kubectl().run("apply", "-f", cluster.checkout().example(manifest).toString());
    }
    Eventually.succeeds("two teams settled", () -> requireSettled(cluster));
  }

  @AfterAll
  static void remove(Cluster cluster) throws Exception {
    cluster.kubectl().run("delete", "tenants", "--all");
    Team.of(cluster, "team-alpha").close();
    Team.of(cluster, "team-beta").close();
  }

  private static void requireSettled(Cluster cluster) throws Exception {
    assertThat(running(cluster, "team-alpha")).hasSize(5);
    assertThat(running(cluster, "team-beta")).hasSize(6);
  }

  private static List<JsonNode> running(Cluster cluster, String team) throws Exception {
    List<JsonNode> running = new ArrayList<>(Team.of(cluster, team).pods());
    running.removeIf(pod -> !Team.phase(pod).equals("Running"));
    return running;
  }

  @Test
  void settleAsOnTheEmbeddedCluster(Cluster cluster) throws Exception {
    Set<String> whole = new HashSet<>();
    for (JsonNode pod : running(cluster, "team-alpha")) {
      Set<String> slices =
          Agreement.slices(
              cluster, Team.of(cluster, "team-alpha"), pod.at("/metadata/name").asText());
      assertThat(slices).hasSize(1);
      assertThat(whole.addAll(slices)).as("held whole by one pod alone").isTrue();
    }
    Map<String, Integer> shares = new TreeMap<>();
    for (JsonNode pod : running(cluster, "team-beta")) {
      Agreement.slices(cluster, Team.of(cluster, "team-beta"), pod.at("/metadata/name").asText())
          .forEach(slice -> shares.merge(slice, 1, Integer::sum));
    }

    assertThat(shares.values()).containsExactlyInAnyOrder(4, 2);
    assertThat(shares).doesNotContainKeys(whole.toArray(String[]::new));
    Agreement.await(cluster, Team.of(cluster, "team-alpha"));
    Agreement.await(cluster, Team.of(cluster, "team-beta"));
  }

  @Test
  void theNodesReportEverySliceInTheModeItIsHeld(Cluster cluster) throws Exception {
    Map<String, Integer> modes = new TreeMap<>();
    for (String node : cluster.nodes().keySet()) {
      for (SliceStatus slice : cluster.gpuNode(node).slices()) {
        modes.merge(slice.mode(), 1, Integer::sum);
      }
    }

    assertThat(modes).containsEntry("Whole", 5).containsEntry("Shared", 2);
  }

  @Test
  void theRefusedPodsEventGivesTheExtendersReason(Cluster cluster) throws Exception {
    Team alpha = Team.of(cluster, "team-alpha");
    JsonNode pending =
        alpha.pods().stream().filter(p -> Team.phase(p).equals("Pending")).findFirst().get();

    Eventually.succeeds(
        "event",
        () ->
            assertThat(alpha.events(pending.at("/metadata/name").asText()))
                .anySatisfy(
                    event ->
                        assertThat(event)
                            .startsWith("FailedScheduling: ")
                            .contains("nodes are available")
                            .contains(
                                "tenant team-alpha would exceed its quota limit of 5 compute"
                                    + " slices")));
  }
}
