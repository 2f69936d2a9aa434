package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.DeviceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose slices change while the daemon runs. */
class LiveNodeTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARED = "nvidia.com/mig-1g.5gb.shared";
  private static final String WHOLE_3G = "nvidia.com/mig-3g.20gb";
  private static final String SHARED_3G = "nvidia.com/mig-3g.20gb.shared";
  private static final String FIRST = "{model: A100-SXM4-40GB, slices: [%s]}";
  private static final String TWO = FIRST.formatted("1g.5gb@0, 1g.5gb@1");
  private static final String OTHER = "{model: A100-SXM4-40GB, slices: [1g.5gb@0]}";

  @TempDir Path dir;
  private TestNode node;

  @BeforeEach
  void node() throws Exception {
    node = new TestNode(dir, TWO);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void start(int recoverAfterSeconds, String... flags) throws IOException {
    node.config("health: {recoverAfterSeconds: %d}\n".formatted(recoverAfterSeconds));
    node.start(flags);
  }

  @Test
  void instancesComeAndGoWithoutARestart() throws Exception {
    start(1);
    node.awaitDevices(WHOLE, 2);

    node.gpus(FIRST.formatted("1g.5gb@0, 3g.20gb@4"));

    node.awaitDevices(WHOLE_3G, 1);
    node.awaitDevices(SHARED_3G, 4);
    node.awaitDevices(WHOLE, 1);
    node.awaitDevices(SHARED, 4);
    node.awaitReported(0, 2);

    node.gpus(FIRST.formatted("3g.20gb@4"));

    // The pool stays, empty: a resource that is missing would be dropped from admission's check.
    node.awaitDevices(WHOLE, 0);
    assertThat(node.kubelet().resources()).contains(WHOLE, SHARED, WHOLE_3G, SHARED_3G);
    node.awaitDevices(WHOLE_3G, 1);
  }

  @Test
  void aSliceThatVanishesUnderAPodStaysUntilThePodIsGone() throws Exception {
    start(1);
    node.awaitDevices(WHOLE, 2);
    node.awaitReported(0, 2);
    String lost = node.slices(0).get(1);
    ResourceName resource = ResourceName.whole("1g.5gb");
    node.api()
        .bind(
            "team",
            "p",
            "uid-p",
            new Assignment(10, List.of(Held.whole(resource, List.of(lost)))).text());
    assertThat(node.kubelet().admit("team/p", WHOLE, 1)).containsExactly(lost);
    Wait.until(() -> assertThat(node.slice(lost).get("holders")).hasSize(1));

    node.gpus(FIRST.formatted("1g.5gb@0"));

    node.awaitUnhealthy(lost, "destroyed while a pod holds it");
    assertThat(node.slice(lost).at("/holders/0/name").asText()).isEqualTo("p");
    node.awaitDevices(WHOLE, 1);
    assertThat(node.kubelet().unhealthy(WHOLE)).containsExactly(lost);

    node.kubelet().ended("team/p");
    node.api().remove("uid-p");

    node.awaitReported(0, 1);
    Wait.until(() -> assertThat(node.kubelet().unhealthy(WHOLE)).isEmpty());
  }

  @Test
  void containersGetTheirSlicesByEveryStrategyAskedForAndTheSpecFollowsTheNode() throws Exception {
    Path minors = dir.resolve("proc/driver/nvidia-caps/mig-minors");
    Files.createDirectories(minors.getParent());
    Files.writeString(minors, "gpu0/gi1/access 12\ngpu0/gi1/ci0/access 13\n");
    node.gpus(OTHER);
    start(
        1,
        "--device-list-strategy=envvar,cdi-annotations",
        "--device-list-strategy=cdi-cri",
        "--pass-device-specs",
        "--proc-root=" + dir.resolve("proc"),
        "--dev-root=" + dir.resolve("dev"),
        "--cdi-dir=" + dir.resolve("cdi"));
    node.awaitDevices(WHOLE, 1);
    String slice = node.kubelet().devices(WHOLE).iterator().next();

    ContainerAllocateResponse given = node.kubelet().allocate(WHOLE, Set.of(slice));

    assertThat(given.getEnvsMap()).containsEntry("NVIDIA_VISIBLE_DEVICES", slice);
    assertThat(given.getAnnotationsMap()).containsValue("lamella.dev/gpu=" + slice);
    assertThat(given.getCdiDevices(0).getName()).isEqualTo("lamella.dev/gpu=" + slice);
    assertThat(given.getDevicesList())
        .extracting(DeviceSpec::getHostPath, DeviceSpec::getPermissions)
        .containsExactly(
            tuple("/dev/nvidia0", "rw"),
            tuple("/dev/nvidia-caps/nvidia-cap12", "rw"),
            tuple("/dev/nvidia-caps/nvidia-cap13", "rw"));
    Path spec = dir.resolve("cdi/lamella.dev-gpu.json");
    assertThat(spec).content().contains(slice).doesNotContain("nvidia1");

    node.gpus(OTHER + ", {model: T4}");

    Wait.until(() -> assertThat(spec).content().contains("/dev/nvidia1"));
    node.daemon().close();
    assertThat(spec).exists();
  }

  @Test
  void theNodesLabelsFollowItsSlicesAndThoseOfOthersStay() throws Exception {
    node.api().labels().put("nvidia.com/mig-7g.40gb.count", "1");
    node.api().labels().put("nvidia.com/gpu.deploy.driver", "true");
    start(1, "--node-labels");

    Wait.until(
        () ->
            assertThat(node.api().labels())
                .containsExactlyInAnyOrderEntriesOf(
                    Map.ofEntries(
                        Map.entry("nvidia.com/gpu.deploy.driver", "true"),
                        Map.entry("nvidia.com/gpu.product", "NVIDIA-A100-SXM4-40GB"),
                        Map.entry("nvidia.com/gpu.count", "1"),
                        Map.entry("nvidia.com/gpu.replicas", "0"),
                        Map.entry("nvidia.com/mig.strategy", "mixed"),
                        Map.entry(
                            "nvidia.com/mig-1g.5gb.product", "NVIDIA-A100-SXM4-40GB-MIG-1g.5gb"),
                        Map.entry("nvidia.com/mig-1g.5gb.count", "2"),
                        Map.entry("nvidia.com/mig-1g.5gb.replicas", "1"),
                        Map.entry("nvidia.com/mig-1g.5gb.memory", "4864"),
                        Map.entry("nvidia.com/mig-1g.5gb.slices.gi", "1"),
                        Map.entry("nvidia.com/mig-1g.5gb.slices.ci", "1"))));

    node.gpus("{model: T4}, {model: T4}, {model: A100-SXM4-40GB, slices: [1g.5gb+me@0]}");

    Wait.until(
        () ->
            assertThat(node.api().labels())
                .containsEntry("nvidia.com/gpu.product", "NVIDIA-T4")
                .containsEntry("nvidia.com/gpu.count", "2")
                .containsEntry("nvidia.com/gpu.replicas", "1")
                .containsEntry("nvidia.com/gpu.memory", "15360")
                .containsEntry("nvidia.com/mig-1g.5gb.me.count", "1")
                .doesNotContainKey("nvidia.com/mig-1g.5gb.count"));
  }
}
