package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.deviceplugin.api.FakeApiServer;
import dev.lamella.deviceplugin.kubelet.FakeKubelet;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A node for tests: a kubelet, an API server, a stand-in for NVML, and the daemon among them. */
final class TestNode implements AutoCloseable {

  private static final String QUICK = "driver: {everySeconds: 1, deadlineSeconds: 5}\n";

  private final Path dir;
  private final FakeKubelet kubelet;
  private final FakeApiServer api;
  private DevicePlugin daemon;

  /**
   * @param gpus as in a layout file, such as "{model: A30, slices: [1g.6gb@0]}"
   */
  TestNode(Path dir, String gpus) throws IOException {
    this.dir = dir;
    gpus(gpus);
    config("");
    kubelet = FakeKubelet.start(dir);
    api = FakeApiServer.start();
    api.showing(kubelet::allocatable);
  }

  FakeKubelet kubelet() {
    return kubelet;
  }

  FakeApiServer api() {
    return api;
  }

  DevicePlugin daemon() {
    return daemon;
  }

  StandinControl control(String gpus) throws IOException {
    Path file = dir.resolve("nodes.yaml");
    Files.writeString(file, "nodes: [{name: gpu-a, gpus: [" + gpus + "]}]");
    return StandinControl.of(SimulatedNvml.of(LayoutFile.read(file).get(0)));
  }

  /** From now on the node has these. */
  void gpus(String gpus) throws IOException {
    control(gpus).writeFor(StandinLibrary.shared());
  }

  Path configFile() {
    return dir.resolve("config.yaml");
  }

  /** Writes the configuration file; it looks at the driver each second besides. */
  void config(String yaml) throws IOException {
    Files.writeString(configFile(), QUICK + yaml);
  }

  void start(String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--node-name=gpu-a");
    all.add("--kubelet-dir=" + dir);
    all.add("--kubeconfig=" + api.kubeconfig(dir));
    if (all.stream().noneMatch(flag -> flag.startsWith("--nvml="))) {
      all.add("--nvml=" + StandinLibrary.shared());
    }
    if (all.stream().noneMatch(flag -> flag.startsWith("--config="))) {
      all.add("--config=" + configFile());
    }
    all.add("--metrics-address=127.0.0.1:0");
    daemon = DevicePlugin.start(all.toArray(String[]::new));
  }

  void restart(String... flags) throws IOException {
    daemon.close();
    start(flags);
  }

  /** Until a pool has so many healthy devices. */
  void awaitDevices(String resource, int count) throws Exception {
    Wait.until(() -> assertThat(kubelet.devices(resource)).hasSize(count));
  }

  /** UUIDs of a GPU's slices in the order of placement, as last reported. */
  List<String> slices(int gpu) {
    List<String> uuids = new ArrayList<>();
    api.gpuNode()
        .at("/status/gpus/" + gpu + "/slices")
        .forEach(slice -> uuids.add(slice.get("uuid").asText()));
    return uuids;
  }

  /** The first GPU's slices, once so many are reported by a daemon that serves. */
  List<String> awaitSlices(int count) throws Exception {
    Wait.until(
        () -> {
          assertThat(slices(0)).hasSize(count);
          assertThat(api.gpuNode().at("/status/serving").asBoolean()).isTrue();
        });
    return slices(0);
  }

  JsonNode slice(String uuid) {
    for (JsonNode gpu : api.gpuNode().at("/status/gpus")) {
      for (JsonNode slice : gpu.get("slices")) {
        if (slice.get("uuid").asText().equals(uuid)) {
          return slice;
        }
      }
    }
    throw new AssertionError(uuid + " is not in " + api.gpuNode());
  }

  /** A condition as "Status Reason: message". */
  String condition(String type) {
    for (JsonNode condition : api.gpuNode().at("/status/conditions")) {
      if (condition.get("type").asText().equals(type)) {
        return "%s %s: %s"
            .formatted(
                condition.get("status").asText(),
                condition.get("reason").asText(),
                condition.get("message").asText());
      }
    }
    throw new AssertionError("no condition " + type + " in " + api.gpuNode());
  }

  void awaitCondition(String type, String start) throws Exception {
    Wait.until(() -> assertThat(condition(type)).startsWith(start));
  }

  /** Binds a pod with an assignment, and waits for the daemon to have seen it. */
  void bind(String name, Held... held) throws Exception {
    api.bind("team", name, "uid-" + name, new Assignment(10, List.of(held)).text());
    awaitSeen();
  }

  void awaitSeen() throws Exception {
    Wait.until(
        () ->
            assertThat(api.gpuNode().at("/status/observedPodResourceVersion").asInt())
                .isGreaterThanOrEqualTo(api.version()));
  }

  /** Who holds a slice, by pod name. */
  TreeSet<String> holders(String uuid) {
    TreeSet<String> names = new TreeSet<>();
    slice(uuid).get("holders").forEach(holder -> names.add(holder.get("name").asText()));
    return names;
  }

  @Override
  public void close() {
    if (daemon != null) {
      daemon.close();
    }
    kubelet.close();
    api.close();
  }
}
