package dev.lamella.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.deviceplugin.DevicePlugin;
import dev.lamella.deviceplugin.Http;
import dev.lamella.deviceplugin.Wait;
import dev.lamella.proto.deviceplugin.v1beta1.Empty;
import dev.lamella.proto.deviceplugin.v1beta1.PreStartContainerRequest;
import dev.lamella.proto.deviceplugin.v1beta1.PreStartContainerResponse;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The standalone daemon against a kubelet, over real sockets. */
class KubeletSessionTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARED = "nvidia.com/mig-1g.5gb.shared";

  private static final String WHOLE_3G = "nvidia.com/mig-3g.20gb";
  private static final String SHARED_3G = "nvidia.com/mig-3g.20gb.shared";

  @TempDir Path dir;
  private FakeKubelet kubelet;
  private DevicePlugin daemon;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(
        dir.resolve("nodes.yaml"),
        """
        nodes:
        - name: gpu-a
          gpus: [{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1, 3g.20gb@4]}]
        """);
    kubelet = FakeKubelet.start(dir);
    daemon = daemon();
  }

  @AfterEach
  void stop() {
    daemon.close();
    kubelet.close();
  }

  private DevicePlugin daemon() throws IOException {
    return DevicePlugin.start(
        "--standalone",
        "--node-name=gpu-a",
        "--kubelet-dir=" + dir,
        "--nvml=simulated:" + dir.resolve("nodes.yaml"),
        "--metrics-address=127.0.0.1:0");
  }

  private void awaitDevices() throws Exception {
    Wait.until(() -> assertThat(kubelet.devices(WHOLE)).hasSize(2));
    Wait.until(() -> assertThat(kubelet.devices(SHARED)).hasSize(8));
    Wait.until(() -> assertThat(kubelet.devices(WHOLE_3G)).hasSize(1));
    Wait.until(() -> assertThat(kubelet.devices(SHARED_3G)).hasSize(4));
  }

  @Test
  void advertisesBothPoolsOfEveryProfile() throws Exception {
    awaitDevices();

    Wait.until(
        () -> assertThat(kubelet.resources()).containsExactly(WHOLE, SHARED, WHOLE_3G, SHARED_3G));
    Set<String> shares = kubelet.devices(SHARED);
    assertThat(shares.stream().map(id -> id.split("::")[0]).collect(Collectors.toSet()))
        .isEqualTo(kubelet.devices(WHOLE));
    assertThat(shares).allMatch(id -> id.matches("MIG-.*::[0-3]"));
  }

  @Test
  void answersOptionsAndPreStart() throws Exception {
    awaitDevices();

    assertThat(
            kubelet
                .plugin(WHOLE)
                .getDevicePluginOptions(Empty.getDefaultInstance())
                .getGetPreferredAllocationAvailable())
        .isTrue();
    assertThat(
            kubelet.plugin(WHOLE).preStartContainer(PreStartContainerRequest.getDefaultInstance()))
        .isEqualTo(PreStartContainerResponse.getDefaultInstance());
  }

  @Test
  void namesEachSliceOnceInTheContainersEnvironment() throws Exception {
    awaitDevices();
    Set<String> slices = kubelet.devices(WHOLE);

    assertThat(kubelet.allocate(WHOLE, slices).getEnvsMap())
        .containsExactlyEntriesOf(Map.of("NVIDIA_VISIBLE_DEVICES", String.join(",", slices)));
    String slice = kubelet.devices(WHOLE_3G).iterator().next();
    assertThat(kubelet.allocate(SHARED_3G, Set.of(slice + "::0", slice + "::3")).getEnvsMap())
        .containsEntry("NVIDIA_VISIBLE_DEVICES", slice);
  }

  @Test
  void refusesIdsThatThePoolDoesNotHave() throws Exception {
    awaitDevices();
    String slice = kubelet.devices(WHOLE).iterator().next();

    for (String id : Set.of("MIG-nobody", slice + "::0", slice + "::x", "")) {
      assertThatThrownBy(() -> kubelet.allocate(WHOLE, Set.of(id)))
          .hasMessage(
              "INVALID_ARGUMENT: device \"" + id + "\" is none of " + WHOLE + " on this node");
    }
    assertThatThrownBy(() -> kubelet.allocate(SHARED, Set.of(slice + "::4")))
        .hasMessageStartingWith("INVALID_ARGUMENT");
  }

  @Test
  void refusesToMixModesOnOneSliceUntilItIsFree() throws Exception {
    awaitDevices();
    String slice = kubelet.admit("team/first", WHOLE, 1).iterator().next();

    assertThatThrownBy(() -> kubelet.allocate(SHARED, Set.of(slice + "::0")))
        .hasMessage(
            "FAILED_PRECONDITION: slice "
                + slice
                + " was asked for as Shared, but is held as Whole by a pod that the node's log"
                + " names: delete the pod; let the scheduler extender place it");

    kubelet.ended("team/first");
    Wait.until(
        () -> {
          try {
            kubelet.allocate(SHARED, Set.of(slice + "::0"));
          } catch (StatusRuntimeException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void sharesGoToTheSliceThatIsSharedAlready() throws Exception {
    awaitDevices();
    String first = kubelet.admit("team/a", SHARED, 1).iterator().next().split("::")[0];

    assertThat(kubelet.admit("team/b", SHARED, 3)).allMatch(id -> id.startsWith(first + "::"));
    assertThat(kubelet.admit("team/c", WHOLE, 1)).doesNotContain(first);
  }

  @Test
  void registersAgainWithAKubeletThatRestarted() throws Exception {
    awaitDevices();
    Path before = kubelet.socketOf(WHOLE);

    kubelet.restart();

    awaitDevices();
    assertThat(kubelet.socketOf(WHOLE)).isNotEqualTo(before);
  }

  /** Its first pods would not get what ended pods hold by its checkpoint. */
  @Test
  void servesAKubeletThatRestartedOnceItHasGotItsPods() throws Exception {
    awaitDevices();
    Wait.until(() -> assertThat(ready()).isEqualTo("ok\n"));

    kubelet.restart();
    awaitDevices();
    Wait.until(() -> assertThat(ready()).startsWith("KubeletStarting: "));

    kubelet.holds("team/a", "example.com/other", "1");
    Wait.until(() -> assertThat(ready()).isEqualTo("ok\n"));
  }

  @Test
  void servesAgainWhenItsOwnSocketIsDeleted() throws Exception {
    awaitDevices();
    Path before = kubelet.socketOf(WHOLE);

    Files.delete(before);

    Wait.until(() -> assertThat(kubelet.socketOf(WHOLE)).isNotEqualTo(before).exists());
    awaitDevices();
  }

  @Test
  void registersAgainWhenTheKubeletDropsItsStream() throws Exception {
    awaitDevices();

    kubelet.cut(WHOLE);

    assertThat(kubelet.devices(WHOLE)).isEmpty();
    awaitDevices();
  }

  @Test
  void registersNoSocketThatAStartingKubeletHasRemovedMeanwhile() throws Exception {
    awaitDevices();
    kubelet.whenAsked(kubelet::removeSockets);

    kubelet.cut(WHOLE);

    assertThat(kubelet.devices(WHOLE)).isEmpty();
    awaitDevices();
    assertThat(kubelet.deadEndpoints()).isEmpty();
  }

  @Test
  void saysThatItDoesNotServeBeforeItRegistersWithAKubeletThatHangs() throws Exception {
    awaitDevices();
    Wait.until(() -> assertThat(ready()).isEqualTo("ok\n"));
    kubelet.slow(Duration.ofSeconds(60));

    kubelet.cut(WHOLE);

    Wait.until(() -> assertThat(ready()).startsWith("CutOff: "));
  }

  @Test
  void keepsTryingWhileItIsRefused() throws Exception {
    awaitDevices();
    kubelet.refuse(true);
    kubelet.restart();
    Wait.until(() -> assertThat(ready()).contains("RegistrationFailed").contains("not now"));

    kubelet.refuse(false);

    awaitDevices();
    Wait.until(() -> assertThat(ready()).isEqualTo("ok\n"));
  }

  @Test
  void doesNotRegisterWhileAnotherPluginServesTheSameResources() throws Exception {
    awaitDevices();
    daemon.close();
    kubelet.restart();
    kubelet.another(WHOLE, Set.of("MIG-1", "MIG-2"));

    daemon = daemon();

    Wait.until(
        () ->
            assertThat(ready())
                .startsWith(
                    "AnotherPlugin: another device plugin serves " + WHOLE + "; remove it from")
                .contains("nvidia-mig-1g.5gb.sock"));
    assertThat(kubelet.resources()).isEmpty();

    kubelet.another(WHOLE, Set.of());

    awaitDevices();
    Wait.until(() -> assertThat(ready()).isEqualTo("ok\n"));
  }

  @Test
  void leavesThePoolToAPluginThatTookItOverAndSaysSo() throws Exception {
    awaitDevices();
    kubelet.another(SHARED, Set.of("MIG-1::0"));
    kubelet.cut(SHARED);

    Wait.until(() -> assertThat(ready()).contains("AnotherPlugin").contains(SHARED));
    assertThat(kubelet.resources()).doesNotContain(SHARED);
  }

  @Test
  void rebuildsWhatIsHeldFromPodResources() throws Exception {
    awaitDevices();
    String slice = kubelet.admit("team/first", WHOLE, 1).iterator().next();
    daemon.close();
    daemon = daemon();
    awaitDevices();

    assertThatThrownBy(() -> kubelet.allocate(SHARED, Set.of(slice + "::0")))
        .hasMessageContaining("is held as Whole");
  }

  @Test
  void leavesNoSocketAndRemovesStaleOnes() throws Exception {
    Path folder = dir.resolve("device-plugins");
    awaitDevices();
    daemon.close();
    assertThat(names(folder)).containsExactly("kubelet.sock");
    Files.createFile(folder.resolve("lamella-old-0.sock"));
    Files.createFile(folder.resolve("other.sock"));

    daemon = daemon();

    awaitDevices();
    assertThat(names(folder)).contains("other.sock").doesNotContain("lamella-old-0.sock");
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private String ready() throws Exception {
    return Http.get(daemon.metricsAddress(), "/readyz");
  }
}
