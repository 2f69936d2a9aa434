package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator keeps new pods away from a GPU or a slice. */
class CordonTest {

  private static final String TWO = "{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1]}";
  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARED = WHOLE + ".shared";

  @TempDir Path dir;
  private TestNode node;
  private List<String> slices;

  @BeforeEach
  void node() throws Exception {
    node = new TestNode(dir, TWO);
    node.start();
    node.awaitDevices(SHARED, 8);
    node.awaitDevices(WHOLE, 2);
    slices = node.awaitSlices(2);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /** The daemon hears of it when it writes its report next. */
  private void cordon(String... uuids) throws Exception {
    node.api().cordon(uuids);
    node.api().bind("team", "news", "uid-news-" + uuids.length, null);
    node.awaitSeen();
  }

  @Test
  void podsThatNoAssignmentSpeaksForGetNothingOfIt() throws Exception {
    cordon(slices.get(0));
    node.awaitCondition("Cordoned", "True AskedFor: the operator keeps new pods away from MIG-");

    assertThat(node.kubelet().admit("team/stray", SHARED, 1))
        .containsExactly(slices.get(1) + "::0");
    assertThatThrownBy(() -> node.kubelet().allocate(WHOLE, Set.of(slices.get(0))))
        .hasMessage(
            "FAILED_PRECONDITION: slice "
                + slices.get(0)
                + " is cordoned by the operator: it gets no new pods");
    assertThat(node.kubelet().devices(WHOLE)).hasSize(2);
    assertThat(node.slice(slices.get(0)).get("health").asText()).isEqualTo("Healthy");

    cordon();

    node.awaitCondition("Cordoned", "False NotAskedFor");
    assertThat(node.kubelet().allocate(WHOLE, Set.of(slices.get(0))).getEnvsMap())
        .containsValue(slices.get(0));
  }

  @Test
  void aPodThatWasAssignedItBeforeStillGetsItAndKeepsIt() throws Exception {
    node.bind("p", Held.whole(ResourceName.whole("1g.5gb"), List.of(slices.get(0))));
    String gpu = node.api().gpuNode().at("/status/gpus/0/uuid").asText();
    cordon(gpu);
    node.awaitCondition("Cordoned", "True AskedFor");

    assertThat(node.kubelet().admit("team/p", WHOLE, 1)).containsExactly(slices.get(0));
    // A container after an init container, or one that restarts.
    assertThat(node.kubelet().allocate(WHOLE, Set.of(slices.get(0))).getEnvsMap()).isNotEmpty();
    assertThatThrownBy(() -> node.kubelet().admit("team/stray", WHOLE, 1))
        .hasMessageContaining("is cordoned by the operator");
  }

  @Test
  void aUuidThatStandsForNothingIsPointedOut() throws Exception {
    cordon(slices.get(1), "MIG-typo");

    node.awaitCondition(
        "Cordoned", "True PartlyUnknown: the operator keeps new pods away from MIG-");
    assertThat(node.condition("Cordoned")).endsWith("; MIG-typo stands for nothing on this node");
  }
}
