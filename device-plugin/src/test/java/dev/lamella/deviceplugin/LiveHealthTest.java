package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.standin.StandinLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices, GPUs and the driver break and recover while the daemon runs. */
class LiveHealthTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARED = "nvidia.com/mig-1g.5gb.shared";
  private static final String FIRST = "{model: A100-SXM4-40GB, slices: [%s]}";
  private static final String TWO = FIRST.formatted("1g.5gb@0, 1g.5gb@1");
  private static final String OTHER = "{model: A100-SXM4-40GB, slices: [1g.5gb@0]}";
  private static final int WHOLE_GPU = -1;

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

  private void start(int recoverAfterSeconds) throws IOException {
    node.config("health: {recoverAfterSeconds: %d}\n".formatted(recoverAfterSeconds));
    node.start();
  }

  @Test
  void anXidOnASiblingInstanceIsNotMissedAndHitsItsSharesOnly() throws Exception {
    start(300);
    node.awaitDevices(SHARED, 8);
    node.awaitReported(0, 2);
    List<String> slices = node.slices(0);

    node.control(TWO).event(0, NvmlEvent.Type.XID, 94, 1, 0).writeFor(StandinLibrary.shared());
    node.awaitUnhealthy(slices.get(0), "Xid 94 at ");
    node.awaitDevices(SHARED, 4);
    node.control(TWO)
        .event(0, NvmlEvent.Type.XID, 94, 1, 0)
        .event(0, NvmlEvent.Type.XID, 63, 2, 0)
        .writeFor(StandinLibrary.shared());

    node.awaitUnhealthy(slices.get(1), "Xid 63 at ");
    node.awaitDevices(SHARED, 0);
    assertThat(node.kubelet().unhealthy(SHARED)).hasSize(8);
    assertThatThrownBy(() -> node.kubelet().allocate(WHOLE, Set.of(slices.get(0))))
        .hasMessageStartingWith("FAILED_PRECONDITION")
        .hasMessageContaining("is unhealthy");
    assertThat(Http.get(node.daemon().metricsAddress(), "/metrics"))
        .containsPattern("slice=\"" + slices.get(1) + "\",profile=\"1g.5gb\",.*xid=\"63\",} 1.0")
        .containsPattern("lamella_slice_healthy\\{.*" + slices.get(0) + ".*} 0.0");
    Wait.until(
        () ->
            assertThat(node.api().nodeEvents())
                .anyMatch(
                    event ->
                        event.contains("SliceUnhealthy")
                            && event.contains(slices.get(1))
                            && event.contains("Xid 63")));
  }

  @Test
  void aSliceRecoversAfterItsProbation() throws Exception {
    start(1);
    node.awaitDevices(WHOLE, 2);
    node.awaitReported(0, 2);
    String slice = node.slices(0).get(0);

    node.control(TWO).event(0, NvmlEvent.Type.XID, 94, 1, 0).writeFor(StandinLibrary.shared());

    Wait.until(
        () ->
            assertThat(node.api().nodeEvents())
                .anyMatch(event -> event.contains("SliceUnhealthy")));
    Wait.until(
        () ->
            assertThat(node.api().nodeEvents()).anyMatch(event -> event.contains("SliceHealthy")));
    Wait.until(() -> assertThat(node.slice(slice).get("health").asText()).isEqualTo("Healthy"));
    node.awaitDevices(WHOLE, 2);
  }

  @Test
  void xidsOfApplicationsAreIgnoredUnlessTheFileSaysOtherwise() throws Exception {
    node.config("health: {ignoreXids: [94], watchXids: [31]}\n");
    node.start();
    node.awaitDevices(WHOLE, 2);
    node.awaitReported(0, 2);
    List<String> slices = node.slices(0);

    node.control(TWO)
        .event(0, NvmlEvent.Type.XID, 13, 1, 0)
        .event(0, NvmlEvent.Type.XID, 94, 1, 0)
        .event(0, NvmlEvent.Type.XID, 31, 2, 0)
        .writeFor(StandinLibrary.shared());

    node.awaitUnhealthy(slices.get(1), "Xid 31 at ");
    assertThat(node.slice(slices.get(0)).get("health").asText()).isEqualTo("Healthy");
    assertThat(Http.get(node.daemon().metricsAddress(), "/metrics"))
        .containsPattern("slice=\"" + slices.get(0) + "\",profile=\"1g.5gb\",.*xid=\"13\",} 1.0");
  }

  @Test
  void anEventOfTheWholeGpuHitsAllItsSlicesAndNoOtherGpu() throws Exception {
    node.gpus(TWO + ", " + OTHER);
    start(300);
    node.awaitDevices(WHOLE, 3);
    node.awaitReported(1, 1);
    List<String> slices = node.slices(0);
    String neighbour = node.slices(1).get(0);

    node.control(TWO + ", " + OTHER)
        .event(0, NvmlEvent.Type.DOUBLE_BIT_ECC, 0, WHOLE_GPU, WHOLE_GPU)
        .writeFor(StandinLibrary.shared());

    node.awaitUnhealthy(slices.get(0), "a double bit ECC error at ");
    node.awaitUnhealthy(slices.get(1), "a double bit ECC error at ");
    Wait.until(() -> assertThat(node.kubelet().devices(WHOLE)).containsExactly(neighbour));
  }

  @Test
  void aLostGpuStaysListedUnhealthyAndComesBack() throws Exception {
    node.gpus(OTHER + ", " + TWO);
    start(1);
    node.awaitDevices(WHOLE, 3);
    node.awaitReported(1, 2);
    List<String> slices = node.slices(1);

    node.control(OTHER + ", {model: A100-SXM4-40GB, slices: []}")
        .line("lost")
        .writeFor(StandinLibrary.shared());

    node.awaitUnhealthy(slices.get(0), "GPU_IS_LOST");
    node.awaitUnhealthy(slices.get(1), "GPU_IS_LOST");
    node.awaitDevices(WHOLE, 1);
    assertThat(node.kubelet().unhealthy(WHOLE)).containsExactlyInAnyOrderElementsOf(slices);

    node.gpus(OTHER + ", " + TWO);

    node.awaitDevices(WHOLE, 3);
  }

  @Test
  void slicesStayUnhealthyWhileTheDriverIsAway() throws Exception {
    start(1);
    node.awaitDevices(WHOLE, 2);

    node.control(TWO)
        .answer("nvmlDeviceGetCount_v2", NvmlStatus.DRIVER_NOT_LOADED)
        .writeFor(StandinLibrary.shared());

    Wait.until(() -> assertThat(node.kubelet().unhealthy(WHOLE)).hasSize(2));
    Wait.until(() -> assertThat(node.api().gpuNode().at("/status/serving").asBoolean()).isFalse());

    node.gpus(TWO);

    node.awaitDevices(WHOLE, 2);
    Wait.until(() -> assertThat(node.api().gpuNode().at("/status/serving").asBoolean()).isTrue());
  }
}
