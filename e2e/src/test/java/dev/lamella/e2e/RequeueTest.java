package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.api.SliceStatus;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a pod that was refused waits once it fits: until the extender pokes it, which is ours,
 * and from then until it is bound, which is kube-scheduler's backoff and one attempt.
 */
@ExtendWith(ClusterExtension.class)
class RequeueTest {

  private static final String NODE = "gpu-b";
  private static final String ONLY = "nvidia.com/mig-4g.20gb";
  private static final String CORDONED = "\"cordoned\":true";
  private static final int ROUNDS = 3;

  private Team team;
  private WaitTimes times;

  @BeforeEach
  void create(Cluster cluster) throws Exception {
    team = Team.create(cluster, "requeue");
    times = WaitTimes.start(cluster, team);
  }

  @AfterEach
  void remove() {
    times.close();
    team.close();
  }

  private void refuse(String name, String resource, String reason) throws Exception {
    times.refuse(PodOf.asking(name, resource, 1).on(NODE), reason);
  }

  @Test
  void freedCapacity(Cluster cluster) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      team.run(PodOf.asking("holds-" + round, ONLY, 1).on(NODE));
      refuse("waits-" + round, ONLY, "no free");
      long fits = System.nanoTime();
      team.delete("holds-" + round);
      times.account("freed", "waits-" + round, fits);
      team.delete("waits-" + round);
    }
    times.print();
  }

  @Test
  void raisedQuota(Cluster cluster) throws Exception {
    String tenant =
        """
        apiVersion: lamella.dev/v1alpha1
        kind: Tenant
        metadata: {name: requeue}
        spec:
          namespaces: [requeue]
          class: LatencyCritical
          quota: {limit: {computeSlices: %d}}
        """;
    try {
      for (int round = 0; round < ROUNDS; round++) {
        cluster.kubectl().apply(tenant.formatted(round));
        refuse("waits-" + round, PodOf.WHOLE, "limit of " + round);
        long fits = System.nanoTime();
        Map<String, Object> limit = Map.of("computeSlices", round + 1);
        cluster
            .kube()
            .patch(
                "/apis/lamella.dev/v1alpha1/tenants/requeue",
                Map.of("spec", Map.of("quota", Map.of("limit", limit))));
        times.account("quota", "waits-" + round, fits);
      }
    } finally {
      cluster.kubectl().run("delete", "tenant", "requeue");
    }
    times.print();
  }

  /** The only slice of a node is destroyed and made anew, which its daemon sees by looking. */
  @Test
  void repairedSlice(Cluster cluster, @TempDir Path folder) throws Exception {
    Path library = StandinLibrary.compile(folder.resolve("nvml"));
    drive(library, folder, "1g.5gb@0");
    try (Node node = cluster.spareNode()) {
      node.startKubelet();
      cluster.awaitReady(node.name());
      node.startPlugin(cluster.pluginKubeconfig(node.name()), library.toString());
      cluster.awaitServing(node);
      String slice = cluster.gpuNode(node.name()).slices().get(0).uuid();
      for (int round = 0; round < ROUNDS; round++) {
        drive(library, folder, "");
        Eventually.succeeds(
            "the extender knows",
            () -> assertThat(Web.get(cluster.extenderUrl() + "/state")).doesNotContain(slice));
        times.refuse(PodOf.asking("waits-" + round, PodOf.WHOLE, 1).on(node.name()), "");
        long fits = System.nanoTime();
        drive(library, folder, "1g.5gb@0");
        times.account("repaired", "waits-" + round, fits);
        team.delete("waits-" + round);
      }
    } finally {
      cluster.removeSpareNode();
    }
    times.print();
  }

  /** Has a library show one GPU with these slices. */
  private static void drive(Path library, Path folder, String slices) throws Exception {
    String gpu = "{model: A100-SXM4-40GB, slices: [" + slices + "]}";
    Path layout =
        Files.writeString(
            folder.resolve("nodes.yaml"), "nodes:\n- name: spare\n  gpus: [" + gpu + "]\n");
    StandinControl.of(SimulatedNvml.of(LayoutFile.read(layout).get(0))).writeFor(library);
  }

  @Test
  void uncordonedSlice(Cluster cluster) throws Exception {
    String slice =
        cluster.gpuNode(NODE).slices().stream()
            .filter(s -> s.profile().equals("4g.20gb"))
            .map(SliceStatus::uuid)
            .findFirst()
            .orElseThrow();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        cordon(cluster, List.of(slice));
        Eventually.succeeds(
            "the extender knows",
            () -> assertThat(Web.get(cluster.extenderUrl() + "/state")).contains(CORDONED));
        refuse("waits-" + round, ONLY, "");
        long fits = System.nanoTime();
        cordon(cluster, List.of());
        times.account("uncordoned", "waits-" + round, fits);
        team.delete("waits-" + round);
      }
    } finally {
      cordon(cluster, List.of());
    }
    times.print();
  }

  private static void cordon(Cluster cluster, List<String> slices) throws Exception {
    cluster
        .kube()
        .patch(
            "/apis/lamella.dev/v1alpha1/gpunodes/" + NODE,
            Map.of("spec", Map.of("cordoned", slices)));
  }
}
