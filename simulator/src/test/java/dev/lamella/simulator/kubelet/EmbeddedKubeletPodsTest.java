package dev.lamella.simulator.kubelet;

import static dev.lamella.simulator.kubelet.EmbeddedKubeletSubject.NODE;
import static dev.lamella.simulator.kubelet.EmbeddedKubeletSubject.pod;
import static dev.lamella.simulator.kubelet.KubeletContract.SLICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lamella.simulator.kube.Await;
import dev.lamella.simulator.kube.KubeClient;
import dev.lamella.simulator.kubelet.KubeletSubject.Outcome;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeCondition;
import io.kubernetes.client.openapi.models.V1Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Node, admission by count, and the life of a pod; devices are {@link KubeletContract}'s. */
class EmbeddedKubeletPodsTest {

  @TempDir Path folder;

  private EmbeddedKubeletSubject kubelet;
  private ScriptedPlugin plugin;

  @BeforeEach
  void start() throws Exception {
    kubelet = new EmbeddedKubeletSubject(folder);
  }

  @AfterEach
  void close() {
    if (plugin != null) {
      plugin.close();
    }
    kubelet.close();
  }

  private void register(String... devices) throws Exception {
    plugin = new ScriptedPlugin(folder, SLICE, "a.sock");
    plugin.devices(devices);
    plugin.register();
    String counts = devices.length + "/" + devices.length;
    Await.until(() -> kubelet.counts(SLICE), () -> kubelet.counts(SLICE).equals(counts));
  }

  private Outcome run(V1Pod pod) throws Exception {
    kubelet.create(pod);
    return kubelet.outcome(pod.getMetadata().getName());
  }

  private void awaitPhase(String pod, String phase) {
    Await.until(() -> "phase is " + kubelet.phase(pod), () -> kubelet.phase(pod).equals(phase));
  }

  @Test
  void theNodeIsReadyAndSaysHowLargeItIs() throws Exception {
    V1Node node = kubelet.node();
    assertThat(node.getMetadata().getLabels()).containsEntry("kubernetes.io/hostname", NODE);
    assertThat(node.getStatus().getAllocatable())
        .containsEntry("cpu", new Quantity("64"))
        .containsEntry("pods", new Quantity("110"));
    assertThat(node.getStatus().getConditions())
        .extracting(V1NodeCondition::getType, V1NodeCondition::getStatus)
        .containsExactly(tuple("Ready", "True"));
  }

  @Test
  void aPodThatWantsMoreCpuThanThereIsFails() throws Exception {
    assertThat(run(pod("large", "cpu", "main:65")).refused())
        .isEqualTo(
            "OutOfcpu: Pod was rejected: Node didn't have enough resource: cpu,"
                + " requested: 65000, used: 0, capacity: 64000");
  }

  @Test
  void aResourceThatTheNodeDoesNotListIsNotChecked() throws Exception {
    Outcome pod = run(pod("blind", SLICE, "main:1"));
    assertThat(pod.refused()).isEmpty();
    assertThat(pod.devices()).isEmpty();
  }

  @Test
  void aResourceListedAsZeroIsChecked() throws Exception {
    register("s1");
    plugin.close();
    Files.delete(folder.resolve("device-plugins/kubelet_internal_checkpoint"));
    kubelet.restart();
    Await.until(() -> kubelet.counts(SLICE), () -> kubelet.counts(SLICE).equals("0/0"));
    assertThat(run(pod("early", SLICE, "main:1")).refused())
        .startsWith("OutOf" + SLICE)
        .endsWith("requested: 1, used: 0, capacity: 0");
  }

  @Test
  void anUnhealthyDeviceInUseDoesNotKeepOthersOut() throws Exception {
    register("s1", "s2");
    plugin.preferred = List.of("s1");
    run(pod("first", SLICE, "main:1"));
    plugin.devices("s2");
    Await.until(() -> kubelet.counts(SLICE), () -> kubelet.counts(SLICE).equals("1/1"));
    assertThat(run(pod("second", SLICE, "main:1")).refused()).isEmpty();
  }

  @Test
  void aRunningPodIsReadyWithItsContainers() throws Exception {
    run(pod("ready", "cpu", "init:1", "sidecar:1", "main:1"));
    V1Pod pod = kubelet.read("ready");
    assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
    assertThat(pod.getStatus().getConditions())
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    assertThat(pod.getStatus().getContainerStatuses())
        .allMatch(c -> c.getState().getRunning() != null);
    assertThat(pod.getStatus().getInitContainerStatuses().get(0).getState().getTerminated())
        .isNotNull();
    assertThat(pod.getStatus().getInitContainerStatuses().get(1).getState().getRunning())
        .isNotNull();
  }

  @Test
  void aPodEndsWhenItsAnnotationSaysSo() throws Exception {
    V1Pod good = pod("good", "cpu", "main:1");
    good.getSpec().setRestartPolicy("Never");
    good.getMetadata().setAnnotations(Map.of(PodReading.RUN_SECONDS, "0.2"));
    V1Pod bad = pod("bad", "cpu", "main:1");
    bad.getSpec().setRestartPolicy("Never");
    bad.getMetadata()
        .setAnnotations(Map.of(PodReading.RUN_SECONDS, "0.2", PodReading.EXIT_CODE, "3"));
    kubelet.create(good);
    kubelet.create(bad);
    awaitPhase("good", "Succeeded");
    awaitPhase("bad", "Failed");
    assertThat(
            kubelet
                .read("bad")
                .getStatus()
                .getContainerStatuses()
                .get(0)
                .getState()
                .getTerminated()
                .getExitCode())
        .isEqualTo(3);
  }

  @Test
  void aWrongAnnotationFailsThePodAndNamesIt() throws Exception {
    V1Pod pod = pod("odd", "cpu", "main:1");
    pod.getSpec().setRestartPolicy("Never");
    pod.getMetadata().setAnnotations(Map.of(PodReading.RUN_SECONDS, "soon"));
    assertThat(run(pod).refused()).contains(PodReading.RUN_SECONDS).contains("soon");
  }

  @Test
  void aDeletedPodRunsUntilItHasStopped() throws Exception {
    V1Pod slow = pod("slow", SLICE, "main:1");
    slow.getMetadata().setAnnotations(Map.of(PodReading.STOP_SECONDS, "600"));
    register("s1");
    run(slow);
    V1Pod running = kubelet.read("slow");
    KubeClient.send(kubelet.client.core().deleteNamespacedPod("slow", "default").buildCall(null));
    assertThat(run(pod("waiting", SLICE, "main:1")).refused()).contains("Available: 0");
    assertThat(kubelet.gone("slow")).isFalse();
    kubelet.client.removePod(running);
    Await.until(
        () -> "device not freed",
        () -> run(pod("next-" + System.nanoTime(), SLICE, "main:1")).refused().isEmpty());
  }

  @Test
  void closingWhileAPluginHangsFailsNoPod() throws Exception {
    register("s1");
    plugin.gate = new Semaphore(0);
    kubelet.put("patient", SLICE, "main:1");
    Await.until(() -> "nothing allocated", () -> plugin.allocations.size() == 1);
    assertTimeoutPreemptively(Duration.ofSeconds(20), kubelet.kubelet::close);
    assertThat(kubelet.phase("patient")).isEqualTo("Pending");
  }

  @Test
  void leavesNoThreadBehind() {
    kubelet.kubelet.close();
    Await.until(() -> "left: " + threads(), () -> threads().isEmpty());
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("kubelet-" + NODE))
        .toList();
  }
}
