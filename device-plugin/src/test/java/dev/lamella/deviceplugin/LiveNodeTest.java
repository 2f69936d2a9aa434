package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.api.FakeApiServer;
import dev.lamella.deviceplugin.kubelet.FakeKubelet;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.DeviceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose GPUs change, break and recover while the daemon runs. */
class LiveNodeTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARED = "nvidia.com/mig-1g.5gb.shared";
  private static final String WHOLE_3G = "nvidia.com/mig-3g.20gb";
  private static final String SHARED_3G = "nvidia.com/mig-3g.20gb.shared";
  private static final String FIRST = "{model: A100-SXM4-40GB, slices: [%s]}";
  private static final String TWO = FIRST.formatted("1g.5gb@0, 1g.5gb@1");
  private static final String OTHER = "{model: A100-SXM4-40GB, slices: [1g.5gb@0]}";
  private static final int WHOLE_GPU = -1;

  @TempDir Path dir;
  private FakeKubelet kubelet;
  private FakeApiServer api;
  private DevicePlugin daemon;

  @BeforeEach
  void start() throws Exception {
    control(TWO).writeFor(StandinLibrary.shared());
    kubelet = FakeKubelet.start(dir);
    api = FakeApiServer.start();
  }

  @AfterEach
  void stop() {
    daemon.close();
    kubelet.close();
    api.close();
  }

  private void daemon(int recoverAfterSeconds, String more, String... flags) throws IOException {
    Path config = dir.resolve("config.yaml");
    Files.writeString(
        config,
        "driver: {everySeconds: 1, deadlineSeconds: 2}\nhealth: {recoverAfterSeconds: %d%s}\n"
            .formatted(recoverAfterSeconds, more));
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--node-name=gpu-a");
    all.add("--kubelet-dir=" + dir);
    all.add("--kubeconfig=" + api.kubeconfig(dir));
    all.add("--nvml=" + StandinLibrary.shared());
    all.add("--config=" + config);
    all.add("--metrics-address=127.0.0.1:0");
    daemon = DevicePlugin.start(all.toArray(String[]::new));
  }

  private StandinControl control(String gpus) throws IOException {
    Path file = dir.resolve("nodes.yaml");
    Files.writeString(file, "nodes: [{name: gpu-a, gpus: [" + gpus + "]}]");
    return StandinControl.of(SimulatedNvml.of(LayoutFile.read(file).get(0)));
  }

  private void node(String gpus) throws IOException {
    control(gpus).writeFor(StandinLibrary.shared());
  }

  private void awaitDevices(String resource, int count) throws Exception {
    Wait.until(() -> assertThat(kubelet.devices(resource)).hasSize(count));
  }

  private JsonNode slice(String uuid) {
    for (JsonNode gpu : api.gpuNode().at("/status/gpus")) {
      for (JsonNode slice : gpu.get("slices")) {
        if (slice.get("uuid").asText().equals(uuid)) {
          return slice;
        }
      }
    }
    throw new AssertionError(uuid + " is not in " + api.gpuNode());
  }

  /** Of a GPU, in the order of placement. */
  private List<String> slices(int gpu) {
    List<String> uuids = new ArrayList<>();
    api.gpuNode()
        .at("/status/gpus/" + gpu + "/slices")
        .forEach(slice -> uuids.add(slice.get("uuid").asText()));
    return uuids;
  }

  private void awaitUnhealthy(String slice, String why) throws Exception {
    Wait.until(
        () -> {
          assertThat(slice(slice).get("health").asText()).isEqualTo("Unhealthy");
          assertThat(slice(slice).get("reason").asText()).contains(why);
        });
  }

  private void awaitReported(int gpu, int count) throws Exception {
    Wait.until(() -> assertThat(slices(gpu)).hasSize(count));
  }

  @Test
  void instancesComeAndGoWithoutARestart() throws Exception {
    daemon(1, "");
    awaitDevices(WHOLE, 2);

    node(FIRST.formatted("1g.5gb@0, 3g.20gb@4"));

    awaitDevices(WHOLE_3G, 1);
    awaitDevices(SHARED_3G, 4);
    awaitDevices(WHOLE, 1);
    awaitDevices(SHARED, 4);
    awaitReported(0, 2);

    node(FIRST.formatted("3g.20gb@4"));

    // The pool stays, empty: a resource that is missing would be dropped from admission's check.
    awaitDevices(WHOLE, 0);
    assertThat(kubelet.resources()).contains(WHOLE, SHARED, WHOLE_3G, SHARED_3G);
    awaitDevices(WHOLE_3G, 1);
  }

  @Test
  void aSliceThatVanishesUnderAPodStaysUntilThePodIsGone() throws Exception {
    daemon(1, "");
    awaitDevices(WHOLE, 2);
    awaitReported(0, 2);
    String lost = slices(0).get(1);
    ResourceName resource = ResourceName.whole("1g.5gb");
    api.bind(
        "team",
        "p",
        "uid-p",
        new Assignment(10, List.of(Held.whole(resource, List.of(lost)))).text());
    assertThat(kubelet.admit("team/p", WHOLE, 1)).containsExactly(lost);
    Wait.until(() -> assertThat(slice(lost).get("holders")).hasSize(1));

    node(FIRST.formatted("1g.5gb@0"));

    awaitUnhealthy(lost, "destroyed while a pod holds it");
    assertThat(slice(lost).at("/holders/0/name").asText()).isEqualTo("p");
    awaitDevices(WHOLE, 1);
    assertThat(kubelet.unhealthy(WHOLE)).containsExactly(lost);

    kubelet.ended("team/p");
    api.remove("uid-p");

    awaitReported(0, 1);
    Wait.until(() -> assertThat(kubelet.unhealthy(WHOLE)).isEmpty());
  }

  @Test
  void anXidOnASiblingInstanceIsNotMissedAndHitsItsSharesOnly() throws Exception {
    daemon(300, "");
    awaitDevices(SHARED, 8);
    awaitReported(0, 2);
    List<String> slices = slices(0);

    control(TWO).event(0, NvmlEvent.Type.XID, 94, 1, 0).writeFor(StandinLibrary.shared());
    awaitUnhealthy(slices.get(0), "Xid 94 at ");
    awaitDevices(SHARED, 4);
    control(TWO)
        .event(0, NvmlEvent.Type.XID, 94, 1, 0)
        .event(0, NvmlEvent.Type.XID, 63, 2, 0)
        .writeFor(StandinLibrary.shared());

    awaitUnhealthy(slices.get(1), "Xid 63 at ");
    awaitDevices(SHARED, 0);
    assertThat(kubelet.unhealthy(SHARED)).hasSize(8);
    assertThatThrownBy(() -> kubelet.allocate(WHOLE, Set.of(slices.get(0))))
        .hasMessageStartingWith("FAILED_PRECONDITION")
        .hasMessageContaining("is unhealthy");
    assertThat(Http.get(daemon.metricsAddress(), "/metrics"))
        .containsPattern("slice=\"" + slices.get(1) + "\",profile=\"1g.5gb\",.*xid=\"63\",} 1.0")
        .containsPattern("lamella_slice_healthy\\{.*" + slices.get(0) + ".*} 0.0");
    Wait.until(
        () ->
            assertThat(api.nodeEvents())
                .anyMatch(
                    event ->
                        event.contains("SliceUnhealthy")
                            && event.contains(slices.get(1))
                            && event.contains("Xid 63")));
  }

  @Test
  void aSliceRecoversAfterItsProbation() throws Exception {
    daemon(1, "");
    awaitDevices(WHOLE, 2);
    awaitReported(0, 2);
    String slice = slices(0).get(0);

    control(TWO).event(0, NvmlEvent.Type.XID, 94, 1, 0).writeFor(StandinLibrary.shared());

    Wait.until(
        () -> assertThat(api.nodeEvents()).anyMatch(event -> event.contains("SliceUnhealthy")));
    Wait.until(
        () -> assertThat(api.nodeEvents()).anyMatch(event -> event.contains("SliceHealthy")));
    Wait.until(() -> assertThat(slice(slice).get("health").asText()).isEqualTo("Healthy"));
    awaitDevices(WHOLE, 2);
  }

  @Test
  void xidsOfApplicationsAreIgnoredUnlessTheFileSaysOtherwise() throws Exception {
    daemon(300, ", ignoreXids: [94], watchXids: [31]");
    awaitDevices(WHOLE, 2);
    awaitReported(0, 2);
    List<String> slices = slices(0);

    control(TWO)
        .event(0, NvmlEvent.Type.XID, 13, 1, 0)
        .event(0, NvmlEvent.Type.XID, 94, 1, 0)
        .event(0, NvmlEvent.Type.XID, 31, 2, 0)
        .writeFor(StandinLibrary.shared());

    awaitUnhealthy(slices.get(1), "Xid 31 at ");
    assertThat(slice(slices.get(0)).get("health").asText()).isEqualTo("Healthy");
    assertThat(Http.get(daemon.metricsAddress(), "/metrics"))
        .containsPattern("slice=\"" + slices.get(0) + "\",profile=\"1g.5gb\",.*xid=\"13\",} 1.0");
  }

  @Test
  void memoryIsToldByPodAndAPodThatUsesMoreThanItsSharesIsTold() throws Exception {
    Path proc = Files.createDirectories(dir.resolve("proc"));
    Files.createDirectories(proc.resolve("self/ns"));
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026531836]"));
    Files.createDirectories(proc.resolve("77"));
    String uid = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
    Files.writeString(
        proc.resolve("77/cgroup"),
        "0::/kubepods.slice/kubepods-pod" + uid.replace('-', '_') + ".slice/crio-1.scope\n");
    daemon(300, "}\nusage: {everySeconds: 1", "--proc-root=" + proc);
    awaitDevices(SHARED, 8);
    awaitReported(0, 2);
    String slice = slices(0).get(0);
    api.bind(
        "team",
        "p",
        uid,
        new Assignment(1, List.of(Held.shares(ResourceName.shared("1g.5gb"), slice, 1))).text());
    kubelet.admit("team/p", SHARED, 1);

    SimulatedNvml used = SimulatedNvml.of(LayoutFile.read(dir.resolve("nodes.yaml")).get(0));
    used.load().run(slice, new NvmlProcess(77, OptionalLong.of(2L << 30)));
    StandinControl.of(used).writeFor(StandinLibrary.shared());

    String pod = "namespace=\"team\",pod=\"p\",} ";
    Wait.until(
        () ->
            assertThat(Http.get(daemon.metricsAddress(), "/metrics"))
                .containsPattern("lamella_slice_pod_memory_used_bytes.*" + pod + "2.147483648E9")
                .containsPattern("lamella_slice_pod_memory_budget_bytes.*" + pod + "1.275068416E9")
                .containsPattern("lamella_slice_pod_over_budget.*" + pod + "1.0")
                .containsPattern("lamella_slice_pod_budget_exceeded_total.*" + pod + "1.0")
                .containsPattern("lamella_slice_memory_used_bytes.*" + slice + ".* 2.147483648E9")
                .contains("state=\"by_pod\",} 1.0"));
    Wait.until(
        () ->
            assertThat(api.nodeEvents())
                .anyMatch(
                    event ->
                        event.contains("ShareBudgetExceeded")
                            && event.contains(uid)
                            && event.contains("uses 2048 MiB of GPU memory on slice " + slice)));

    kubelet.ended("team/p");
    api.remove(uid);
    Wait.until(
        () ->
            assertThat(Http.get(daemon.metricsAddress(), "/metrics"))
                .doesNotContain("pod=\"p\"")
                .containsPattern("lamella_slice_unattributed_memory_bytes.*} 2.147483648E9"));
  }

  @Test
  void anEventOfTheWholeGpuHitsAllItsSlicesAndNoOtherGpu() throws Exception {
    node(TWO + ", " + OTHER);
    daemon(300, "");
    awaitDevices(WHOLE, 3);
    awaitReported(1, 1);
    List<String> slices = slices(0);
    String neighbour = slices(1).get(0);

    control(TWO + ", " + OTHER)
        .event(0, NvmlEvent.Type.DOUBLE_BIT_ECC, 0, WHOLE_GPU, WHOLE_GPU)
        .writeFor(StandinLibrary.shared());

    awaitUnhealthy(slices.get(0), "a double bit ECC error at ");
    awaitUnhealthy(slices.get(1), "a double bit ECC error at ");
    Wait.until(() -> assertThat(kubelet.devices(WHOLE)).containsExactly(neighbour));
  }

  @Test
  void aLostGpuStaysListedUnhealthyAndComesBack() throws Exception {
    node(OTHER + ", " + TWO);
    daemon(1, "");
    awaitDevices(WHOLE, 3);
    awaitReported(1, 2);
    List<String> slices = slices(1);

    control(OTHER + ", {model: A100-SXM4-40GB, slices: []}")
        .line("lost")
        .writeFor(StandinLibrary.shared());

    awaitUnhealthy(slices.get(0), "GPU_IS_LOST");
    awaitUnhealthy(slices.get(1), "GPU_IS_LOST");
    awaitDevices(WHOLE, 1);
    assertThat(kubelet.unhealthy(WHOLE)).containsExactlyInAnyOrderElementsOf(slices);

    node(OTHER + ", " + TWO);

    awaitDevices(WHOLE, 3);
  }

  @Test
  void containersGetTheirSlicesByEveryStrategyAskedForAndTheSpecFollowsTheNode() throws Exception {
    Path minors = dir.resolve("proc/driver/nvidia-caps/mig-minors");
    Files.createDirectories(minors.getParent());
    Files.writeString(minors, "gpu0/gi1/access 12\ngpu0/gi1/ci0/access 13\n");
    node(OTHER);
    daemon(
        1,
        "",
        "--device-list-strategy=envvar,cdi-annotations",
        "--device-list-strategy=cdi-cri",
        "--pass-device-specs",
        "--proc-root=" + dir.resolve("proc"),
        "--dev-root=" + dir.resolve("dev"),
        "--cdi-dir=" + dir.resolve("cdi"));
    awaitDevices(WHOLE, 1);
    String slice = kubelet.devices(WHOLE).iterator().next();

    ContainerAllocateResponse given = kubelet.allocate(WHOLE, Set.of(slice));

    assertThat(given.getEnvsMap()).containsEntry("NVIDIA_VISIBLE_DEVICES", slice);
    assertThat(given.getAnnotationsMap()).containsValue("lamella.dev/gpu=" + slice);
    assertThat(given.getCdiDevices(0).getName()).isEqualTo("lamella.dev/gpu=" + slice);
    assertThat(given.getDevicesList())
        .extracting(DeviceSpec::getHostPath, DeviceSpec::getPermissions)
        .containsExactly(
            tuple("/dev/nvidia0", "rw"),
            tuple("/dev/nvidia-caps/nvidia-cap12", "rw"),
            tuple("/dev/nvidia-caps/nvidia-cap13", "rw"));
    Path spec = dir.resolve("cdi/lamella.dev-gpu.json");
    assertThat(spec).content().contains(slice).doesNotContain("nvidia1");

    node(OTHER + ", {model: T4}");

    Wait.until(() -> assertThat(spec).content().contains("/dev/nvidia1"));
    daemon.close();
    assertThat(spec).exists();
  }

  @Test
  void theNodesLabelsFollowItsSlicesAndThoseOfOthersStay() throws Exception {
    api.labels().put("nvidia.com/mig-7g.40gb.count", "1");
    api.labels().put("nvidia.com/gpu.deploy.driver", "true");
    daemon(1, "", "--node-labels");

    Wait.until(
        () ->
            assertThat(api.labels())
                .containsExactlyInAnyOrderEntriesOf(
                    Map.ofEntries(
                        Map.entry("nvidia.com/gpu.deploy.driver", "true"),
                        Map.entry("nvidia.com/gpu.product", "NVIDIA-A100-SXM4-40GB"),
                        Map.entry("nvidia.com/gpu.count", "1"),
                        Map.entry("nvidia.com/gpu.replicas", "0"),
                        Map.entry("nvidia.com/mig.strategy", "mixed"),
                        Map.entry(
                            "nvidia.com/mig-1g.5gb.product", "NVIDIA-A100-SXM4-40GB-MIG-1g.5gb"),
                        Map.entry("nvidia.com/mig-1g.5gb.count", "2"),
                        Map.entry("nvidia.com/mig-1g.5gb.replicas", "1"),
                        Map.entry("nvidia.com/mig-1g.5gb.memory", "4864"),
                        Map.entry("nvidia.com/mig-1g.5gb.slices.gi", "1"),
                        Map.entry("nvidia.com/mig-1g.5gb.slices.ci", "1"))));

    node("{model: T4}, {model: T4}, {model: A100-SXM4-40GB, slices: [1g.5gb+me@0]}");

    Wait.until(
        () ->
            assertThat(api.labels())
                .containsEntry("nvidia.com/gpu.product", "NVIDIA-T4")
                .containsEntry("nvidia.com/gpu.count", "2")
                .containsEntry("nvidia.com/gpu.replicas", "1")
                .containsEntry("nvidia.com/gpu.memory", "15360")
                .containsEntry("nvidia.com/mig-1g.5gb.me.count", "1")
                .doesNotContainKey("nvidia.com/mig-1g.5gb.count"));
  }

  @Test
  void slicesStayUnhealthyWhileTheDriverIsAway() throws Exception {
    daemon(1, "");
    awaitDevices(WHOLE, 2);

    control(TWO)
        .answer("nvmlDeviceGetCount_v2", NvmlStatus.DRIVER_NOT_LOADED)
        .writeFor(StandinLibrary.shared());

    Wait.until(() -> assertThat(kubelet.unhealthy(WHOLE)).hasSize(2));
    Wait.until(() -> assertThat(api.gpuNode().at("/status/serving").asBoolean()).isFalse());

    node(TWO);

    awaitDevices(WHOLE, 2);
    Wait.until(() -> assertThat(api.gpuNode().at("/status/serving").asBoolean()).isTrue());
  }
}
