package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.standin.StandinLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon starts where containers hold devices already. */
class HeldBeforeTest {

  private static final String TWO = "{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1]}";
  private static final String OTHERS = "{model: A100-SXM4-40GB, slices: [1g.5gb@2, 1g.5gb@3]}";
  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARED = WHOLE + ".shared";

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

  /** UUIDs of the instances that a layout makes. */
  private List<String> uuids(String gpus) throws Exception {
    node.gpus(gpus);
    node.start("--standalone", "--node-labels");
    node.awaitDevices(WHOLE, 2);
    List<String> uuids = List.copyOf(node.kubelet().devices(WHOLE));
    node.daemon().close();
    Wait.until(() -> assertThat(node.kubelet().devices(WHOLE)).isEmpty());
    return uuids;
  }

  @Test
  void podsThatNvidiasPluginPlacedAreTakenOverAndLeftAlone() throws Exception {
    List<String> slices = uuids(TWO);
    // NVIDIA's plugin names devices alike; its pods have no assignment.
    node.kubelet().holds("team/adopted", WHOLE, slices.get(0));
    node.api().bind("team", "adopted", "uid-adopted", null);

    node.start();

    node.awaitDevices(WHOLE, 2);
    Wait.until(() -> assertThat(node.holders(slices.get(0))).containsExactly("adopted"));
    assertThat(node.slice(slices.get(0)).at("/holders/0/uid").asText()).isEqualTo("uid-adopted");
    assertThat(node.slice(slices.get(0)).get("mode").asText()).isEqualTo("Whole");
    assertThat(node.kubelet().unhealthy(WHOLE)).isEmpty();
    assertThat(node.kubelet().admit("team/next", WHOLE, 1)).containsExactly(slices.get(1));
    assertThatThrownBy(() -> node.kubelet().allocate(SHARED, Set.of(slices.get(0) + "::0")))
        .hasMessageContaining("is held as Whole by the pod with UID uid-adopted");
  }

  @Test
  void replicasThatNvidiasPluginHandedOutAreSharesOfOurs() throws Exception {
    List<String> slices = uuids(TWO);
    node.kubelet().holds("team/a", SHARED, slices.get(0) + "::0");
    node.kubelet().holds("team/b", SHARED, slices.get(0) + "::1");
    node.api().bind("team", "a", "uid-a", null);
    node.api().bind("team", "b", "uid-b", null);

    node.start();

    node.awaitDevices(SHARED, 8);
    Wait.until(() -> assertThat(node.holders(slices.get(0))).containsExactly("a", "b"));
    assertThat(node.slice(slices.get(0)).get("mode").asText()).isEqualTo("Shared");
    assertThat(node.slice(slices.get(0)).at("/holders/1/shares").asInt()).isEqualTo(1);
  }

  @Test
  void aReplicaBeyondOurSharesStaysListedUnhealthyUntilItsPodIsGone() throws Exception {
    List<String> slices = uuids(TWO);
    node.kubelet().holds("team/tenth", SHARED, slices.get(0) + "::9");

    node.start();

    node.awaitDevices(SHARED, 8);
    Wait.until(
        () -> assertThat(node.kubelet().unhealthy(SHARED)).containsExactly(slices.get(0) + "::9"));
    Wait.until(() -> assertThat(node.holders(slices.get(0))).containsExactly("tenth"));
    node.kubelet().ended("team/tenth");
    node.restart();
    node.awaitDevices(SHARED, 8);
    Wait.until(() -> assertThat(node.kubelet().unhealthy(SHARED)).isEmpty());
  }

  @Test
  void aSliceDestroyedUnderAPodStaysListedUnhealthyAcrossARestart() throws Exception {
    node.start();
    node.awaitDevices(WHOLE, 2);
    List<String> slices = node.awaitSlices(2);
    String lost = slices.get(1);
    node.bind("p", Held.whole(ResourceName.whole("1g.5gb"), List.of(lost)));
    assertThat(node.kubelet().admit("team/p", WHOLE, 1)).containsExactly(lost);
    Wait.until(() -> assertThat(node.holders(lost)).containsExactly("p"));
    node.daemon().close();
    node.gpus("{model: A100-SXM4-40GB, slices: [1g.5gb@0]}");

    node.start();

    node.awaitDevices(WHOLE, 1);
    Wait.until(() -> assertThat(node.kubelet().unhealthy(WHOLE)).containsExactly(lost));
    node.awaitCondition("InventoryComplete", "False PartlyKnown: " + lost + " of " + WHOLE);
    assertThatThrownBy(() -> node.kubelet().allocate(WHOLE, Set.of(lost)))
        .hasMessageContaining("is none of " + WHOLE + " on this node");

    node.kubelet().ended("team/p");
    node.api().remove("uid-p");

    Wait.until(() -> assertThat(node.kubelet().unhealthy(WHOLE)).isEmpty());
    node.awaitCondition("InventoryComplete", "True AllAnswered");
  }

  @Test
  void afterARebootPodsOfBeforeKeepNothingThatIsGone() throws Exception {
    List<String> before = uuids(TWO);
    // The kubelet admits its pods again from its checkpoint, before the daemon is up.
    node.kubelet().holds("team/p", WHOLE, before.get(0));
    node.kubelet().holds("team/q", SHARED, before.get(1) + "::0");
    node.api()
        .bind(
            "team",
            "p",
            "uid-p",
            new Assignment(
                    10, List.of(Held.whole(ResourceName.whole("1g.5gb"), List.of(before.get(0)))))
                .text());
    node.gpus(OTHERS);

    node.start();

    node.awaitDevices(WHOLE, 2);
    List<String> now = node.awaitSlices(2);
    assertThat(now).doesNotContainAnyElementsOf(before);
    Wait.until(() -> assertThat(node.kubelet().unhealthy(WHOLE)).containsExactly(before.get(0)));
    assertThat(node.kubelet().unhealthy(SHARED)).containsExactly(before.get(1) + "::0");
    node.bind("new", Held.whole(ResourceName.whole("1g.5gb"), List.of(now.get(1))));
    assertThat(node.kubelet().admit("team/new", WHOLE, 1)).containsExactly(now.get(1));

    // They fail: their devices are not healthy. Their controllers make others.
    node.kubelet().ended("team/p");
    node.kubelet().ended("team/q");
    node.api().remove("uid-p");

    Wait.until(() -> assertThat(node.kubelet().unhealthy(WHOLE)).isEmpty());
    Wait.until(() -> assertThat(node.kubelet().unhealthy(SHARED)).isEmpty());
  }

  @Test
  void withoutADriverAfterARebootWhatIsHeldIsUnhealthyAndComesBackWithIt() throws Exception {
    List<String> slices = uuids(TWO);
    node.kubelet().holds("team/p", WHOLE, slices.get(0));
    node.control(TWO)
        .answer("nvmlDeviceGetCount_v2", NvmlStatus.DRIVER_NOT_LOADED)
        .writeFor(StandinLibrary.shared());
    node.start();
    Wait.until(() -> assertThat(node.kubelet().unhealthy(WHOLE)).containsExactly(slices.get(0)));

    node.gpus(TWO);

    node.awaitDevices(WHOLE, 2);
    Wait.until(() -> assertThat(node.holders(slices.get(0))).containsExactly("p"));
    assertThat(node.kubelet().unhealthy(WHOLE)).isEmpty();
  }
}
