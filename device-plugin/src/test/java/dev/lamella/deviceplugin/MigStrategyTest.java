package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.nvml.standin.StandinLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What slices are called, by the strategies of NVIDIA's device plugin. */
class MigStrategyTest {

  private static final String TWO = "{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1]}";
  private static final String MIXED = "{model: A100-SXM4-40GB, slices: [1g.5gb@0, 3g.20gb@4]}";

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

  @Test
  void singleCallsEverySliceAGpu() throws Exception {
    node.start("--mig-strategy=single", "--node-labels");
    node.awaitDevices("nvidia.com/gpu", 2);
    node.awaitDevices("nvidia.com/gpu.shared", 8);
    List<String> slices = node.awaitSlices(2);

    assertThat(node.kubelet().resources())
        .containsExactly("nvidia.com/gpu", "nvidia.com/gpu.shared");
    assertThat(node.slice(slices.get(0)).get("profile").asText()).isEqualTo("1g.5gb");
    assertThat(node.slice(slices.get(0)).get("resource").asText()).isEqualTo("nvidia.com/gpu");
    node.bind("p", Held.whole(ResourceName.whole("gpu"), List.of(slices.get(1))));
    assertThat(node.kubelet().admit("team/p", "nvidia.com/gpu", 1)).containsExactly(slices.get(1));
    Wait.until(() -> assertThat(node.holders(slices.get(1))).containsExactly("p"));
    Wait.until(
        () ->
            assertThat(node.api().labels())
                .containsEntry("nvidia.com/mig.strategy", "single")
                .containsEntry("nvidia.com/gpu.product", "NVIDIA-A100-SXM4-40GB-MIG-1g.5gb")
                .containsEntry("nvidia.com/gpu.count", "2")
                .containsEntry("nvidia.com/gpu.memory", "4864")
                .containsEntry("nvidia.com/gpu.slices.gi", "1")
                .doesNotContainKey("nvidia.com/mig-1g.5gb.count"));
  }

  @Test
  void singleOffersNothingAndSaysWhyWhereSlicesDiffer() throws Exception {
    node.gpus(MIXED);
    node.start("--mig-strategy=single", "--node-labels");

    node.awaitCondition(
        "SlicesOffered",
        "False LeftOut: no slice is offered under the MIG strategy single: there are slices of"
            + " several profiles: 1g.5gb, 3g.20gb");
    assertThat(node.kubelet().resources()).isEmpty();
    assertThat(node.slice(node.slices(0).get(0)).get("resource").asText()).isEmpty();
    Wait.until(
        () ->
            assertThat(node.api().labels())
                .containsEntry("nvidia.com/gpu.product", "NVIDIA-A100-SXM4-40GB-MIG-INVALID")
                .containsEntry("nvidia.com/gpu.count", "0"));

    node.gpus(TWO);

    node.awaitDevices("nvidia.com/gpu", 2);
    node.awaitCondition("SlicesOffered", "True AllOffered");

    node.gpus(TWO + ", {model: T4}");

    node.awaitDevices("nvidia.com/gpu", 0);
    node.awaitCondition("SlicesOffered", "False LeftOut: no slice is offered under");
    assertThat(node.condition("SlicesOffered")).contains("MIG is off on GPU-");
  }

  @Test
  void noneTakesAGpuForOneSliceWhateverItsMode() throws Exception {
    node.config("migStrategy: none\n");
    node.start();
    node.awaitDevices("nvidia.com/gpu", 1);
    List<String> slices = node.awaitSlices(1);

    assertThat(slices.get(0)).startsWith("GPU-");
    assertThat(node.condition("InventoryComplete"))
        .contains("MIG is on on " + slices.get(0) + ", and the MIG strategy none");
  }

  @Test
  void aSliceHeldUnderTheNameOfBeforeIsNotGivenOutOnceMore() throws Exception {
    node.start();
    node.awaitDevices("nvidia.com/mig-1g.5gb", 2);
    String held = node.kubelet().admit("team/old", "nvidia.com/mig-1g.5gb", 1).iterator().next();
    node.restart("--mig-strategy=single");
    node.awaitDevices("nvidia.com/gpu", 2);
    Wait.until(() -> assertThat(node.holders(held)).containsExactly("old"));

    assertThat(node.kubelet().admit("team/new", "nvidia.com/gpu", 1)).doesNotContain(held);
    assertThatThrownBy(() -> node.kubelet().allocate("nvidia.com/gpu", Set.of(held)))
        .hasMessageContaining(
            "was asked for as nvidia.com/gpu, but is held as nvidia.com/mig-1g.5gb");
    assertThat(node.kubelet().unhealthy("nvidia.com/mig-1g.5gb")).containsExactly(held);
  }

  @Test
  void aProfileThatTheSchedulerIsNotToldOfIsNotOffered() throws Exception {
    // This board's driver calls its instances otherwise than the table does.
    node.control("{model: A100-SXM4-40GB, slices: [1g.5gb@0, 3g.20gb@4]}")
        .replace(" 3 3 19456", " 3 3 25000")
        .writeFor(StandinLibrary.shared());
    node.start();
    node.awaitDevices("nvidia.com/mig-1g.5gb", 1);

    node.awaitCondition("SlicesOffered", "False LeftOut: nvidia.com/mig-3g.");
    assertThat(node.kubelet().resources()).allMatch(name -> name.contains("1g.5gb"));
    String profile = node.slice(node.slices(0).get(1)).get("profile").asText();
    assertThat(node.slice(node.slices(0).get(1)).get("resource").asText()).isEmpty();

    node.config("alsoListed: [" + profile + "]\n");

    node.awaitDevices("nvidia.com/mig-" + profile, 1);
    node.awaitCondition("SlicesOffered", "True AllOffered");
  }
}
