package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.nvml.standin.StandinLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon reports before NVML has answered it. */
class FirstReportTest {

  private static final String TWO = "{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1]}";
  private static final String WHOLE = "nvidia.com/mig-1g.5gb";

  @TempDir Path dir;
  private TestNode node;

  @BeforeEach
  void node() throws Exception {
    node = new TestNode(dir, TWO);
    Files.writeString(node.configFile(), "driver: {everySeconds: 1, deadlineSeconds: 60}\n");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void startWhileNvmlIsOpening() throws Exception {
    node.control(TWO).delay("nvmlInit_v2", Duration.ofMinutes(1)).writeFor(StandinLibrary.shared());
    node.start();
  }

  @Test
  void nothingIsSaidOfGpusThatNvmlWasNotAskedForYet() throws Exception {
    node.start();
    List<String> slices = node.awaitSlices(2);
    node.daemon().close();
    JsonNode before = node.api().gpuNode().get("status");
    int earlier = node.api().reports().size();

    startWhileNvmlIsOpening();

    Wait.until(() -> assertThat(node.api().reports()).hasSizeGreaterThan(earlier));
    JsonNode first = node.api().reports().get(earlier);
    assertThat(first.fieldNames()).toIterable().containsExactly("serving", "conditions");
    assertThat(first.get("serving").asBoolean()).isFalse();
    assertThat(first.get("conditions"))
        .extracting(one -> one.get("type").asText())
        .contains("Configured", "Ready")
        .doesNotContain("InventoryComplete", "SlicesOffered", "Cordoned");
    assertThat(node.condition("Ready")).isEqualTo("False Starting: NVML has not been asked yet");
    JsonNode now = node.api().gpuNode().get("status");
    assertThat(now.get("gpus")).isEqualTo(before.get("gpus"));
    assertThat(now.get("driverVersion")).isEqualTo(before.get("driverVersion"));
    assertThat(now.get("observedPodResourceVersion"))
        .isEqualTo(before.get("observedPodResourceVersion"));

    node.gpus(TWO);

    assertThat(node.awaitSlices(2)).isEqualTo(slices);
    assertThat(node.api().reports())
        .filteredOn(report -> report.has("gpus"))
        .allSatisfy(report -> assertThat(report.get("gpus")).hasSize(1));
  }

  @Test
  void aDaemonThatStopsBeforeNvmlAnsweredLeavesWhatWasReported() throws Exception {
    node.start();
    node.awaitSlices(2);
    node.daemon().close();
    JsonNode gpus = node.api().gpuNode().at("/status/gpus");
    int earlier = node.api().reports().size();
    startWhileNvmlIsOpening();
    Wait.until(() -> assertThat(node.api().reports()).hasSizeGreaterThan(earlier));

    node.daemon().close();

    assertThat(node.condition("Ready")).isEqualTo("False Stopping: the daemon stops");
    assertThat(node.api().gpuNode().at("/status/gpus")).isEqualTo(gpus);
    node.gpus(TWO);
  }

  @Test
  void aNodeWithoutADriverSaysSoOnceItWasAsked() throws Exception {
    node.start("--nvml=" + dir.resolve("no-such-library.so"));

    node.awaitCondition("Ready", "False NoDriver: no GPUs: ");

    assertThat(node.api().gpuNode().at("/status/gpus")).isEmpty();
    assertThat(node.api().gpuNode().at("/status").has("gpus")).isTrue();
    assertThat(node.kubelet().devices(WHOLE)).isEmpty();
  }
}
