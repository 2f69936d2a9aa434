package dev.lamella.simulator.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.simulator.kube.Await;
import dev.lamella.simulator.kubelet.KubeletSubject.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What device plugins may rely on, whoever plays the kubelet. */
public abstract class KubeletContract {

  static final String SLICE = "lamella.test/slice";

  @TempDir Path folder;

  KubeletSubject kubelet;
  private final List<ScriptedPlugin> plugins = new ArrayList<>();

  /**
   * A kubelet without pods, plugins or memory.
   *
   * @param folder empty
   */
  protected abstract KubeletSubject start(Path folder) throws Exception;

  @BeforeEach
  void startKubelet() throws Exception {
    kubelet = start(folder);
  }

  @AfterEach
  void closeAll() throws Exception {
    plugins.forEach(ScriptedPlugin::close);
    kubelet.close();
  }

  ScriptedPlugin served(String endpoint, String... devices) throws Exception {
    ScriptedPlugin plugin = new ScriptedPlugin(kubelet.directory(), SLICE, endpoint);
    plugins.add(plugin);
    plugin.devices(devices);
    return plugin;
  }

  ScriptedPlugin registered(String endpoint, String... devices) throws Exception {
    ScriptedPlugin plugin = served(endpoint, devices);
    plugin.register();
    return plugin;
  }

  void awaitCounts(String expected) {
    Await.until(
        () -> "counts are " + kubelet.counts(SLICE) + ", not yet " + expected,
        () -> kubelet.counts(SLICE).equals(expected));
  }

  Outcome run(String pod, String... containers) throws Exception {
    kubelet.put(pod, SLICE, containers);
    return kubelet.outcome(pod);
  }

  @Test
  void countsHealthyAndUnhealthyDevices() throws Exception {
    ScriptedPlugin plugin = registered("a.sock", "s1", "s2", "bad-s3");
    awaitCounts("3/2");
    plugin.devices("s1");
    awaitCounts("1/1");
  }

  @Test
  void refusesAnotherVersionAndAnEndpointNobodyServes() throws Exception {
    ScriptedPlugin plugin = served("a.sock", "s1");
    assertThatThrownBy(() -> plugin.register("v1alpha1", "a.sock"))
        .hasMessageContaining("v1alpha1")
        .hasMessageContaining("v1beta1");
    assertThatThrownBy(() -> plugin.register("v1beta1", "absent.sock"))
        .isInstanceOf(io.grpc.StatusRuntimeException.class);
    assertThat(kubelet.counts(SLICE)).isEqualTo("none");
  }

  @Test
  void takesThePreferenceAsFarAsItIsAvailable() throws Exception {
    ScriptedPlugin plugin = registered("a.sock", "s1", "s2", "s3");
    awaitCounts("3/3");
    plugin.preferred = List.of("s2", "elsewhere");
    assertThat(run("first", "main:1").devices()).containsEntry("c0", List.of("s2"));
    Outcome second = run("second", "main:1");
    assertThat(second.devices().get("c0")).hasSize(1).doesNotContain("s2");
    assertThat(plugin.preferences.get(1).getContainerRequests(0).getAvailableDeviceIDsList())
        .containsExactlyInAnyOrder("s1", "s3");
  }

  @Test
  void asksForAPreferenceEvenWhenNothingIsLeftToChoose() throws Exception {
    ScriptedPlugin plugin = registered("a.sock", "s1");
    awaitCounts("1/1");
    run("only", "main:1");
    assertThat(plugin.preferences).hasSize(1);
  }

  @Test
  void allocatesOneAfterTheOther() throws Exception {
    ScriptedPlugin plugin = registered("a.sock", "s1", "s2");
    awaitCounts("2/2");
    plugin.gate = new Semaphore(0);
    kubelet.put("first", SLICE, "main:1");
    kubelet.put("second", SLICE, "main:1");
    Await.until(() -> "nothing allocated", () -> plugin.allocations.size() == 1);
    plugin.gate.release(2);
    assertThat(kubelet.outcome("first").refused()).isEmpty();
    assertThat(kubelet.outcome("second").refused()).isEmpty();
    assertThat(plugin.mostAtOnce).hasValue(1);
    assertThat(plugin.allocations).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void allocatesPerContainer() throws Exception {
    ScriptedPlugin plugin = registered("a.sock", "s1", "s2");
    awaitCounts("2/2");
    Outcome pod = run("two", "main:1", "main:1");
    assertThat(pod.devices().get("c0")).hasSize(1).isNotEqualTo(pod.devices().get("c1"));
    assertThat(plugin.allocations).hasSize(2);
  }

  @Test
  void anInitContainersDevicesGoToTheContainersAfterIt() throws Exception {
    ScriptedPlugin plugin = registered("a.sock", "s1", "s2", "s3");
    awaitCounts("3/3");
    Outcome pod = run("init", "init:1", "main:2");
    assertThat(pod.devices().get("c1")).hasSize(2).containsAll(pod.devices().get("c0"));
    assertThat(plugin.preferences.get(1).getContainerRequests(0).getMustIncludeDeviceIDsList())
        .isEqualTo(pod.devices().get("c0"));
  }

  @Test
  void aSidecarKeepsItsDevices() throws Exception {
    registered("a.sock", "s1", "s2");
    awaitCounts("2/2");
    Outcome pod = run("sidecar", "sidecar:1", "main:1");
    assertThat(pod.devices().get("c1")).doesNotContainAnyElementsOf(pod.devices().get("c0"));
  }

  @Test
  void aRefusalFailsThePodForGood() throws Exception {
    ScriptedPlugin plugin = registered("a.sock", "s1");
    awaitCounts("1/1");
    plugin.refuseAllocate = "slice is shared";
    assertThat(run("refused", "main:1").refused())
        .startsWith("UnexpectedAdmissionError")
        .contains("rpc error: code = Unknown desc = slice is shared");
    plugin.refuseAllocate = null;
    plugin.refusePreference = "not now";
    assertThat(run("undecided", "main:1").refused())
        .startsWith("UnexpectedAdmissionError")
        .contains("not now");
    plugin.refusePreference = null;
    assertThat(run("accepted", "main:1").devices()).containsEntry("c0", List.of("s1"));
  }

  @Test
  void devicesOfAnEndedPodAreGivenOut() throws Exception {
    registered("a.sock", "s1");
    awaitCounts("1/1");
    run("first", "main:1");
    assertThat(run("second", "main:1").refused()).startsWith("UnexpectedAdmissionError");
    kubelet.end("first");
    assertThat(run("third", "main:1").devices()).containsEntry("c0", List.of("s1"));
  }

  @Test
  void theStreamsEndMakesDevicesUnhealthyUntilThePluginRegistersAgain() throws Exception {
    ScriptedPlugin plugin = registered("a.sock", "s1", "s2");
    awaitCounts("2/2");
    plugin.endStreams();
    awaitCounts("2/0");
    assertThat(run("refused", "main:1").refused()).contains("no healthy devices present");
    assertThat(plugin.streams).hasValue(1);
    plugin.register();
    awaitCounts("2/2");
  }

  @Test
  void aNewRegistrationReplacesTheOld() throws Exception {
    ScriptedPlugin old = registered("old.sock", "s1", "s2");
    awaitCounts("2/2");
    ScriptedPlugin fresh = registered("new.sock", "s1", "s2", "s3");
    awaitCounts("3/3");
    assertThat(run("first", "main:1").refused()).isEmpty();
    assertThat(fresh.allocations).hasSize(1);
    assertThat(old.allocations).isEmpty();
  }

  @Test
  void aRestartRemembersWhoHoldsWhatAndRemovesSockets() throws Exception {
    ScriptedPlugin before = registered("a.sock", "s1", "s2");
    awaitCounts("2/2");
    Outcome held = run("kept", "main:1");
    before.close();
    Path stale = kubelet.directory().resolve("device-plugins/stale.sock");
    try (UnixSockets sockets = new UnixSockets("stale")) {
      sockets.serve(stale, new ScriptedPlugin.Silent());
      kubelet.restart();
      assertThat(Files.exists(stale)).isFalse();
    }
    awaitCounts("0/0");
    assertThat(kubelet.outcome("kept")).isEqualTo(held);
    registered("b.sock", "s1", "s2");
    awaitCounts("2/2");
    Outcome other = run("other", "main:1");
    assertThat(other.devices().get("c0"))
        .hasSize(1)
        .doesNotContainAnyElementsOf(held.devices().get("c0"));
  }
}
