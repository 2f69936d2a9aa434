package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.standin.StandinLibrary;
import dev.lamella.proto.deviceplugin.v1beta1.NUMANode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file changes under a daemon that runs. */
class LiveConfigurationTest {

  private static final String TWO = "{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1]}";
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

  @Test
  void sharesChangeAtOnceWhereNoneIsHeldAndElseWhenNoneIsAnyMore() throws Exception {
    node.start();
    node.awaitDevices(SHARED, 8);
    node.config("shares: {default: 2}\n");
    node.awaitDevices(SHARED, 4);
    List<String> slices = node.awaitSlices(2);
    Wait.until(() -> assertThat(node.slice(slices.get(0)).get("sharesTotal").asInt()).isEqualTo(2));
    node.bind("p", Held.shares(ResourceName.shared("1g.5gb"), slices.get(0), 1));
    node.kubelet().admit("team/p", SHARED, 1);

    node.config("shares: {default: 7}\n");

    node.awaitCondition(
        "Configured",
        "False AwaitsPods: 1g.5gb stays cut into 2 shares, not 7, until no pod has a share of it");
    assertThat(node.kubelet().devices(SHARED)).hasSize(4);

    node.kubelet().ended("team/p");
    node.api().remove("uid-p");

    node.awaitDevices(SHARED, 14);
    node.awaitCondition("Configured", "True Applied");
  }

  @Test
  void aBrokenFileChangesNothingAndIsReportedUntilItIsInOrder() throws Exception {
    node.config("shares: {default: 2}\n");
    node.start();
    node.awaitDevices(SHARED, 4);
    node.awaitSlices(2);

    node.config("share: {default: 3}\n");

    node.awaitCondition("Configured", "False FileRejected: the settings of before stay: ");
    assertThat(node.condition("Configured"))
        .contains("unknown key \"share\"; the nearest valid one is \"shares\"");
    assertThat(node.kubelet().devices(SHARED)).hasSize(4);

    Files.delete(node.configFile());
    Wait.until(() -> assertThat(node.condition("Configured")).contains("cannot be read"));

    node.config("shares: {default: 2}\n");

    node.awaitCondition("Configured", "True Applied");
  }

  @Test
  void aMountedConfigMapIsSeenToChange() throws Exception {
    Path old = Files.createDirectories(dir.resolve("cm/..2026_1"));
    Files.writeString(old.resolve("config.yaml"), "shares: {default: 2}\n");
    Files.createSymbolicLink(dir.resolve("cm/..data"), Path.of("..2026_1"));
    Files.createSymbolicLink(dir.resolve("cm/config.yaml"), Path.of("..data/config.yaml"));
    node.start("--config=" + dir.resolve("cm/config.yaml"));
    node.awaitDevices(SHARED, 4);

    Path now = Files.createDirectories(dir.resolve("cm/..2026_2"));
    Files.writeString(now.resolve("config.yaml"), "shares: {default: 3}\n");
    Path link = Files.createSymbolicLink(dir.resolve("cm/..data_tmp"), Path.of("..2026_2"));
    Files.move(link, dir.resolve("cm/..data"), StandardCopyOption.ATOMIC_MOVE);

    node.awaitDevices(SHARED, 6);
  }

  @Test
  void whatCannotChangeLiveAsksForARestart() throws Exception {
    node.start();
    node.awaitDevices(SHARED, 8);
    node.awaitSlices(2);

    Files.writeString(
        node.configFile(),
        "migStrategy: single\ndriver: {everySeconds: 2}\nshares: {default: 2}\n");

    node.awaitCondition(
        "Configured",
        "False RestartNeeded: these keys have changed and hold after a restart only: driver,"
            + " migStrategy");
    node.awaitDevices(SHARED, 4);
    assertThat(node.kubelet().resources()).containsExactly(WHOLE, SHARED);
  }

  @Test
  void faultsAreJudgedAsTheFileNowSays() throws Exception {
    node.config("health: {recoverAfterSeconds: 0}\n");
    node.start();
    node.awaitDevices(WHOLE, 2);
    node.control(TWO)
        .event(0, NvmlEvent.Type.XID, 94, 1, 0)
        .event(0, NvmlEvent.Type.XID, 63, 2, 0)
        .writeFor(StandinLibrary.shared());
    node.awaitDevices(WHOLE, 0);

    node.config("health: {recoverAfterSeconds: 0, ignoreXids: [94]}\n");
    node.awaitDevices(WHOLE, 1);

    node.config("health: {recoverAfterSeconds: 1}\n");
    node.awaitDevices(WHOLE, 2);
  }

  @Test
  void containersGetTheirDevicesAsTheFileNowSays() throws Exception {
    node.start("--cdi-dir=" + dir.resolve("cdi"));
    node.awaitDevices(WHOLE, 2);
    String slice = node.kubelet().devices(WHOLE).iterator().next();
    assertThat(node.kubelet().allocate(WHOLE, Set.of(slice)).getCdiDevicesList()).isEmpty();

    node.config("deviceListStrategies: [cdi-cri]\n");

    Wait.until(
        () ->
            assertThat(node.kubelet().allocate(WHOLE, Set.of(slice)).getCdiDevicesList())
                .hasSize(1));
    assertThat(dir.resolve("cdi/lamella.dev-gpu.json")).content().contains(slice);
    assertThat(node.kubelet().allocate(WHOLE, Set.of(slice)).getEnvsMap()).isEmpty();
  }

  @Test
  void entriesByLabelHoldFromTheStartAndLabelsCanBeSwitchedOn() throws Exception {
    node.api().labels().put("pool", "batch");
    node.config("nodes: [{labels: {pool: batch}, shares: {default: 2}}]\n");
    node.start();
    node.awaitDevices(SHARED, 4);
    assertThat(node.api().labels()).containsOnlyKeys("pool");

    node.config("nodes: [{labels: {pool: batch}, nodeLabels: true}]\n");

    node.awaitDevices(SHARED, 8);
    Wait.until(
        () -> assertThat(node.api().labels()).containsEntry("nvidia.com/mig-1g.5gb.count", "2"));
  }

  @Test
  void devicesSayTheirNumaNodeOnlyIfAskedTo() throws Exception {
    Path numa = dir.resolve("sys/bus/pci/devices/0000:07:00.0/numa_node");
    Files.createDirectories(numa.getParent());
    Files.writeString(numa, "1\n");
    node.control(TWO).bus("00000000:07:00.0").writeFor(StandinLibrary.shared());
    node.start("--sys-root=" + dir.resolve("sys"));
    node.awaitDevices(WHOLE, 2);
    assertThat(node.kubelet().listed(WHOLE)).noneMatch(device -> device.hasTopology());

    node.config("topology: true\n");

    Wait.until(
        () ->
            assertThat(node.kubelet().listed(SHARED))
                .hasSize(8)
                .allSatisfy(
                    device ->
                        assertThat(device.getTopology().getNodesList())
                            .extracting(NUMANode::getID)
                            .containsExactly(1L)));
  }
}
