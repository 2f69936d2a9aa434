package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Programs come and go; what pods hold stays theirs, and what comes after gets something else. */
@ExtendWith(ClusterExtension.class)
class RestartTest {

  private static final String NODE = "gpu-b";

  private Team team;
  private Map<String, Set<Device>> held;
  private Set<String> uids;

  @BeforeEach
  void runPods(Cluster cluster) throws Exception {
    team = Team.create(cluster, "steady");
    team.run(PodOf.asking("whole", PodOf.WHOLE, 1).on(NODE));
    team.run(PodOf.asking("share", PodOf.SHARE, 1).on(NODE));
    team.run(PodOf.asking("large", "nvidia.com/mig-3g.20gb", 1).on(NODE));
    Agreement.await(cluster, team);
    held = held(cluster);
    uids = runningUids();
    assertThat(held).hasSize(3);
  }

  @AfterEach
  void remove() {
    team.close();
  }

  private Map<String, Set<Device>> held(Cluster cluster) {
    Map<String, Set<Device>> held =
        new TreeMap<>(KubeletBooks.podResources(cluster.node(NODE).dir()));
    held.keySet().removeIf(pod -> !pod.startsWith(team.namespace() + "/"));
    return held;
  }

  private Set<String> runningUids() throws Exception {
    Set<String> uids = new HashSet<>();
    for (JsonNode pod : team.pods()) {
      if (Team.phase(pod).equals("Running")) {
        uids.add(Team.uid(pod));
      }
      for (JsonNode status : pod.at("/status/containerStatuses")) {
        assertThat(status.path("restartCount").asInt()).isZero();
      }
    }
    return uids;
  }

  private void requireUnchanged(Cluster cluster) throws Exception {
    Agreement.await(cluster, team);
    assertThat(held(cluster)).isEqualTo(held);
    assertThat(runningUids()).isEqualTo(uids);
  }

  /** A whole slice and a share are still given out, and are nobody else's. */
  private void requireNewPodsFit(Cluster cluster) throws Exception {
    team.run(PodOf.asking("later-whole", PodOf.WHOLE, 1).on(NODE));
    team.run(PodOf.asking("later-share", PodOf.SHARE, 1).on(NODE));
    Agreement.await(cluster, team);
    Map<String, Set<Device>> now = held(cluster);

    assertThat(now).containsAllEntriesOf(held).hasSize(5);
    assertThat(Agreement.slices(cluster, team, "later-whole"))
        .hasSize(1)
        .doesNotContainAnyElementsOf(Agreement.slices(cluster, team, "whole"))
        .doesNotContainAnyElementsOf(Agreement.slices(cluster, team, "share"));
    assertThat(Agreement.slices(cluster, team, "later-share"))
        .isEqualTo(Agreement.slices(cluster, team, "share"));
  }

  @Test
  void theDaemonRestarted(Cluster cluster) throws Exception {
    Node node = cluster.node(NODE);
    node.stopPlugin();
    requireNotServing(cluster);
    node.startPluginAgain();
    cluster.awaitServing(node);
    requireUnchanged(cluster);
    requireNewPodsFit(cluster);
  }

  private void requireNotServing(Cluster cluster) throws Exception {
    assertThat(cluster.gpuNode(NODE).status().serving()).isFalse();
  }

  @Test
  void theKubeletRestarted(Cluster cluster) throws Exception {
    Node node = cluster.node(NODE);
    node.stopKubelet();
    node.startKubelet();
    cluster.awaitReady(NODE);
    cluster.awaitServing(node);
    requireUnchanged(cluster);
    requireNewPodsFit(cluster);
  }

  @Test
  void theExtenderRestarted(Cluster cluster) throws Exception {
    cluster.stopExtender();
    team.create(PodOf.asking("meanwhile", PodOf.SHARE, 1).on(NODE));
    Eventually.succeeds(
        "scheduling fails while the extender is away",
        () -> assertThat(team.events("meanwhile")).anyMatch(e -> e.contains("FailedScheduling")));
    assertThat(team.pod("meanwhile").at("/spec").has("nodeName")).isFalse();
    cluster.startExtender();
    team.await("meanwhile", "Running");
    team.delete("meanwhile");
    requireUnchanged(cluster);
    requireNewPodsFit(cluster);
  }
}
