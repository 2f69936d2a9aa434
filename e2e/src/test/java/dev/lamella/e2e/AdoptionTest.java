package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.api.SliceStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that came before us: its pods hold MIG devices by the same ids as NVIDIA's plugin gives
 * them, and have no assignment. The daemon without an API server stands for that plugin.
 */
@ExtendWith(ClusterExtension.class)
class AdoptionTest {

  private static final String LAYOUT =
      """
      nodes:
      - name: %s
        gpus:
        - model: A100-SXM4-40GB
          slices: [1g.5gb@0, 1g.5gb@1, 1g.5gb@2, 1g.5gb@3]
      """
          .formatted(Cluster.SPARE);

  @TempDir Path folder;
  private Team team;
  private Node node;

  @AfterEach
  void remove(Cluster cluster) throws Exception {
    if (team != null) {
      team.close();
    }
    if (node != null) {
      node.close();
      cluster.removeSpareNode();
      cluster.kubectl().run("delete", "gpunode", Cluster.SPARE, "--ignore-not-found");
    }
  }

  @Test
  void podsOfBeforeKeepTheirSlicesAndNobodyElseGetsThem(Cluster cluster) throws Exception {
    String nvml = "simulated:" + Files.writeString(folder.resolve("spare.yaml"), LAYOUT);
    node = cluster.spareNode();
    node.startKubelet();
    cluster.awaitReady(node.name());
    node.startPlugin(cluster.pluginKubeconfig(node.name()), nvml, "--standalone");
    Eventually.succeeds("devices", () -> requireWhole(4));
    team = Team.create(cluster, "placed");
    for (String name : List.of("old-0", "old-1")) {
      team.run(PodOf.asking(name, PodOf.WHOLE, 1).boundTo(node.name()));
    }
    Map<String, Set<Device>> before = KubeletBooks.podResources(node.dir());
    assertThat(before).hasSize(2);
    assertThat(team.pod("old-0").at("/metadata/annotations").has(LamellaApi.ASSIGNMENT)).isFalse();

    node.stopPlugin();
    node.startPlugin(cluster.pluginKubeconfig(node.name()), nvml);
    cluster.awaitServing(node);
    Eventually.succeeds("adopted", () -> requireReported(cluster, before));
    team.run(PodOf.asking("new-0", PodOf.WHOLE, 1).on(node.name()));
    team.run(PodOf.asking("new-1", PodOf.SHARE, 1).on(node.name()));
    team.create(PodOf.asking("new-2", PodOf.WHOLE, 1).on(node.name()));
    Eventually.succeeds(
        "refusal",
        () -> assertThat(team.events("new-2")).anyMatch(e -> e.contains("no free 1g.5gb")));

    Map<String, Set<Device>> after = KubeletBooks.podResources(node.dir());
    assertThat(after).containsAllEntriesOf(before).hasSize(4);
    Set<String> slices = new TreeSet<>();
    after.values().forEach(held -> held.forEach(device -> slices.add(device.slice())));
    assertThat(slices).as("one for each of the four pods").hasSize(4);

    team.delete("old-0");
    team.await("new-2", "Running");
    assertThat(Agreement.slices(cluster, team, "new-2"))
        .isEqualTo(Set.of(before.get("placed/old-0").iterator().next().slice()));
  }

  private void requireWhole(int count) {
    assertThat(KubeletBooks.allocatable(node.dir())).isGreaterThanOrEqualTo(count);
  }

  private static void requireReported(Cluster cluster, Map<String, Set<Device>> held)
      throws Exception {
    Map<String, Set<String>> reported = new TreeMap<>();
    for (SliceStatus slice : cluster.gpuNode(Cluster.SPARE).slices()) {
      slice
          .holders()
          .forEach(
              h ->
                  reported
                      .computeIfAbsent(h.namespace() + "/" + h.name(), pod -> new TreeSet<>())
                      .add(slice.uuid()));
    }
    Map<String, Set<String>> expected = new TreeMap<>();
    held.forEach(
        (pod, devices) -> {
          Set<String> slices = new TreeSet<>();
          devices.forEach(device -> slices.add(device.slice()));
          expected.put(pod, slices);
        });
    assertThat(reported).isEqualTo(expected);
  }
}
