package dev.lamella.deviceplugin.conformance;

import static dev.lamella.deviceplugin.conformance.Host.FOUR;
import static dev.lamella.deviceplugin.conformance.Host.SHARED;
import static dev.lamella.deviceplugin.conformance.Host.SHARED_3G;
import static dev.lamella.deviceplugin.conformance.Host.WHOLE;
import static dev.lamella.deviceplugin.conformance.Host.WHOLE_3G;
import static dev.lamella.deviceplugin.conformance.Host.a100;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.Wait;
import dev.lamella.deviceplugin.api.FakeApiServer;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.proto.deviceplugin.v1beta1.Device;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kubelet sees of a driver and its GPUs that change, break, hang and come back. */
class DriverTest {

  @TempDir Path dir;
  private Host host;

  @AfterEach
  void stop() {
    host.close();
  }

  private void awaitAll() throws Exception {
    host.awaitDevices(WHOLE, 4);
    host.awaitDevices(SHARED, 16);
  }

  private static Set<String> shares(Set<String> slices) {
    return slices.stream()
        .flatMap(slice -> IntStream.range(0, 4).mapToObj(k -> slice + "::" + k))
        .collect(Collectors.toSet());
  }

  @Test
  void theFirstSnapshotIsCompleteAndLaterOnesFollowTheNode() throws Exception {
    try (FakeApiServer api = FakeApiServer.start()) {
      host = Host.with(dir, FOUR).reportingBy(api.kubeconfig(dir));
      host.start();
      awaitAll();
      followTheNode(api);
    }
  }

  private void followTheNode(FakeApiServer api) throws Exception {
    assertThat(host.kubelet().snapshots(SHARED).get(0))
        .hasSize(16)
        .extracting(Device::getHealth)
        .containsOnly("Healthy");
    String held = host.kubelet().devices(WHOLE).iterator().next();
    Held whole = Held.whole(ResourceName.whole("1g.5gb"), List.of(held));
    api.bind("team", "p", "uid-p", new Assignment(10, List.of(whole)).text());
    host.kubelet().admit("team/p", WHOLE, 1);
    Wait.until(() -> assertThat(api.gpuNode().toString()).contains("uid-p"));

    host.repartition(a100("3g.20gb@4"));

    host.awaitDevices(WHOLE_3G, 1);
    host.awaitDevices(SHARED_3G, 4);
    // What a pod holds stays listed, or the kubelet would forget it; nobody else gets it.
    host.awaitUnhealthy(WHOLE, Set.of(held));
    host.awaitDevices(WHOLE, 0);

    host.kubelet().ended("team/p");
    api.remove("uid-p");

    host.awaitUnhealthy(WHOLE, Set.of());
    assertThat(host.kubelet().resources())
        .as("an empty pool stays: the kubelet's admission passes over what it does not know")
        .containsExactly(WHOLE, SHARED, WHOLE_3G, SHARED_3G);
    int snapshots = host.kubelet().snapshots(SHARED_3G).size();
    host.repartition(a100("3g.20gb@4, 1g.5gb@0"));
    host.awaitDevices(SHARED, 4);
    assertThat(host.kubelet().snapshots(SHARED_3G))
        .as("nothing is sent to a pool that did not change")
        .hasSize(snapshots);
  }

  @Test
  void anXidOnOneOfFourSiblingsIsThatOnesAloneAndIsForgivenAfterProbation() throws Exception {
    host = Host.with(dir, FOUR).recoveringAfter(2);
    host.start();
    awaitAll();
    Set<String> before = host.kubelet().devices(WHOLE);
    int thirdInstance = 3;

    host.drive(host.control(FOUR).event(0, NvmlEvent.Type.XID, 79, thirdInstance, 0));

    Wait.until(() -> assertThat(host.kubelet().unhealthy(WHOLE)).hasSize(1));
    Set<String> hit = host.kubelet().unhealthy(WHOLE);
    host.awaitUnhealthy(SHARED, shares(hit));
    assertThat(host.kubelet().devices(WHOLE)).hasSize(3).doesNotContainAnyElementsOf(hit);
    awaitAll();
    assertThat(host.kubelet().devices(WHOLE)).isEqualTo(before);
  }

  @Test
  void aLostGpuTakesItsSlicesOnlyAndComesBack() throws Exception {
    String healthy = a100("1g.5gb@0");
    host = Host.with(dir, healthy + ", " + a100("1g.5gb@0, 1g.5gb@1")).recoveringAfter(1);
    host.start();
    host.awaitDevices(WHOLE, 3);
    Set<String> all = host.kubelet().devices(WHOLE);

    host.drive(host.control(healthy + ", " + a100("")).line("lost"));

    host.awaitDevices(WHOLE, 1);
    Set<String> lost = new TreeSet<>(all);
    lost.removeAll(host.kubelet().devices(WHOLE));
    host.awaitUnhealthy(WHOLE, lost);

    host.repartition(healthy + ", " + a100("1g.5gb@0, 1g.5gb@1"));

    Wait.until(() -> assertThat(host.kubelet().devices(WHOLE)).isEqualTo(all));
  }

  @ParameterizedTest
  @CsvSource({
    "nvmlDeviceGetMigDeviceHandleByIndex, looking for GPUs",
    "nvmlEventSetWait_v2, the wait for events"
  })
  void aHangingDriverEndsTheDaemonWithItsReasonAndARestartRecovers(String function, String what)
      throws Exception {
    host = Host.with(dir, FOUR);
    Daemon daemon = host.start();
    awaitAll();
    String slice = host.kubelet().devices(WHOLE).iterator().next();

    host.drive(host.control(FOUR).delay(function, Duration.ofMinutes(10)));
    // The kubelet is answered all the while.
    assertThat(host.kubelet().allocate(WHOLE, Set.of(slice)).getEnvsMap()).isNotEmpty();

    assertThat(daemon.exitCode()).isEqualTo(1);
    assertThat(daemon.lastWord())
        .isEqualTo("device-plugin: NVML hangs: " + what + " has not ended within 2 s");
    host.repartition(FOUR);
    host.start();
    awaitAll();
  }

  @Test
  void aDriverReplacedUnderneathEndsTheDaemonWithItsReasonAndARestartRecovers() throws Exception {
    host = Host.with(dir, FOUR);
    Daemon daemon = host.start();
    awaitAll();

    host.drive(
        host.control(FOUR).answer("nvmlDeviceGetCount_v2", NvmlStatus.LIB_RM_VERSION_MISMATCH));

    assertThat(daemon.exitCode()).isEqualTo(1);
    assertThat(daemon.lastWord())
        .startsWith("device-plugin: the driver was replaced under this process:");
    host.repartition(FOUR);
    host.start();
    awaitAll();
  }

  @Test
  void withoutADriverItStaysUpSaysWhyAndServesWhenOneAppears() throws Exception {
    host = Host.bare(dir);
    host.startKubelet();
    Daemon daemon = host.start();
    Wait.until(() -> assertThat(daemon.log()).anyMatch(line -> line.contains("no GPUs: dlopen")));
    assertThat(host.kubelet().resources()).isEmpty();

    host.installDriver(FOUR);

    awaitAll();
    assertThat(daemon.alive()).isTrue();
  }
}
