package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The daemon with NVML as a C library, through the binding. */
@ExtendWith(ClusterExtension.class)
class StandinLibraryTest {

  @TempDir Path folder;

  @Test
  void slicesFoundThroughTheLibraryAreHandedOut(Cluster cluster) throws Exception {
    Path layout =
        Files.writeString(
            folder.resolve("nodes.yaml"),
            """
            nodes:
            - name: spare
              gpus:
              - {model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1, 3g.20gb@4]}
            """);
    Path library = StandinLibrary.compile(folder.resolve("nvml"));
    StandinControl.of(SimulatedNvml.of(LayoutFile.read(layout).get(0))).writeFor(library);
    try (Node node = cluster.spareNode()) {
      node.startKubelet();
      cluster.awaitReady(node.name());
      node.startPlugin(cluster.pluginKubeconfig(node.name()), library.toString());
      cluster.awaitServing(node);
      try (Team team = Team.create(cluster, "standin")) {
        team.run(PodOf.asking("whole", PodOf.WHOLE, 1).on(node.name()));
        team.run(PodOf.asking("share", PodOf.SHARE, 1).on(node.name()));
        Agreement.await(cluster, team);
        assertThat(cluster.gpuNode(node.name()).held()).hasSize(2);
      }
    } finally {
      cluster.removeSpareNode();
    }
  }
}
