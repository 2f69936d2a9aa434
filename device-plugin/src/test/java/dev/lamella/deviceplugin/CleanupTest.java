package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.deviceplugin.cli.Flags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left on a node after an uninstall. */
class CleanupTest {

  @TempDir Path dir;

  @Test
  void takesAwayTheSpecSocketsAndLabelsAndNothingOfOthers() throws Exception {
    try (TestNode node = new TestNode(dir, "{model: T4}")) {
      node.api().labels().put("pool", "batch");
      node.start(
          "--device-list-strategy=cdi-cri", "--node-labels", "--cdi-dir=" + dir.resolve("cdi"));
      node.awaitDevices("nvidia.com/gpu", 1);
      Wait.until(() -> assertThat(node.api().labels()).containsKey("nvidia.com/gpu.product"));
      node.daemon().close();
      Path spec = dir.resolve("cdi/lamella.dev-gpu.json");
      Path other = Files.writeString(dir.resolve("cdi/vendor.json"), "{}");
      Path stale = Files.createFile(dir.resolve("device-plugins/lamella-crashed-0.sock"));
      assertThat(spec).exists();

      for (int twice = 0; twice < 2; twice++) {
        Cleanup.run(
            Flags.parse(
                Map.of(),
                "--cleanup",
                "--node-name=gpu-a",
                "--node-labels",
                "--kubeconfig=" + node.api().kubeconfig(dir),
                "--kubelet-dir=" + dir,
                "--cdi-dir=" + dir.resolve("cdi")));
      }

      assertThat(spec).doesNotExist();
      assertThat(stale).doesNotExist();
      assertThat(other).exists();
      assertThat(dir.resolve("device-plugins/kubelet.sock")).exists();
      assertThat(node.api().labels()).containsOnlyKeys("pool");
    }
  }
}
