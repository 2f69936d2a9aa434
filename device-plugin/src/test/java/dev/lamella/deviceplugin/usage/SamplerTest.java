package dev.lamella.deviceplugin.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.deviceplugin.inventory.Discovery;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.nvml.GpmMetric;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlUtilization;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerTest {

  private static final long GIB = 1L << 30;
  private static final String POD = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

  @TempDir Path dir;
  private Path proc;
  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final List<Sample> samples = new ArrayList<>();

  @BeforeEach
  void hostPid() throws IOException {
    proc = Files.createDirectories(dir.resolve("proc"));
    Files.createDirectories(proc.resolve("self/ns"));
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026531836]"));
  }

  @Test
  void memoryIsToldByPodWhereTheHostsProcessesAreSeen() throws IOException {
    SimulatedNvml nvml = nvml("A100-SXM4-40GB", "1g.5gb@0");
    String slice = slices(nvml).get(0);
    process(11, "0::/kubepods/burstable/pod" + POD + "/c");
    process(12, "0::/kubepods/burstable/pod" + POD + "/c");
    process(13, "0::/system.slice/nv-hostengine.service");
    nvml.load()
        .run(
            slice,
            new NvmlProcess(11, OptionalLong.of(GIB)),
            new NvmlProcess(12, OptionalLong.of(2 * GIB)),
            new NvmlProcess(13, OptionalLong.of(GIB / 2)),
            new NvmlProcess(14, OptionalLong.of(GIB / 4)));

    measure(sampler(true), nvml);

    Sample sample = latest();
    assertThat(sample.attribution()).isEqualTo(Attribution.BY_POD);
    assertThat(sample.slices().get(slice).byPod()).containsExactly(Map.entry(POD, 3 * GIB));
    assertThat(sample.slices().get(slice).ofOthers()).isEqualTo(GIB / 2 + GIB / 4);
    assertThat(sample.slices().get(slice).memory().orElseThrow().used())
        .isEqualTo(3 * GIB + GIB / 2 + GIB / 4);
  }

  /** There PID 11 is somebody else. */
  @Test
  void inAPidNamespaceOfItsOwnNothingIsToldByPod() throws IOException {
    Files.delete(proc.resolve("self/ns/pid"));
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026532999]"));
    SimulatedNvml nvml = nvml("A100-SXM4-40GB", "1g.5gb@0");
    process(11, "0::/kubepods/burstable/pod" + POD + "/c");
    nvml.load().run(slices(nvml).get(0), new NvmlProcess(11, OptionalLong.of(GIB)));

    measure(sampler(true), nvml);

    assertThat(latest().attribution()).isEqualTo(Attribution.NO_HOST_PID);
    assertThat(latest().slices().get(slices(nvml).get(0)).byPod()).isEmpty();
    assertThat(latest().slices().get(slices(nvml).get(0)).memory().orElseThrow().used())
        .isEqualTo(GIB);
  }

  @Test
  void itCanBeSwitchedOff() throws IOException {
    measure(sampler(false), nvml("A100-SXM4-40GB", "1g.5gb@0"));

    assertThat(latest().attribution()).isEqualTo(Attribution.OFF);
  }

  @Test
  void activityIsAbsentOnBoardsThatCannotTellAndPresentFromTheSecondSampleElsewhere()
      throws IOException {
    SimulatedNvml ampere = nvml("A100-SXM4-40GB", "1g.5gb@0");
    SimulatedNvml hopper = nvml("H100-80GB", "1g.10gb@0");
    String slice = slices(hopper).get(0);
    hopper.load().activity(slice, Map.of(GpmMetric.SM, 40.0, GpmMetric.DRAM_BANDWIDTH, 25.0));

    Sampler old = sampler(true);
    measure(old, ampere);
    now = now.plusSeconds(10);
    measure(old, ampere);
    assertThat(latest().slices().get(slices(ampere).get(0)).activity()).isEmpty();

    Sampler fresh = sampler(true);
    measure(fresh, hopper);
    assertThat(latest().slices().get(slice).activity()).isEmpty();
    now = now.plusSeconds(10);
    measure(fresh, hopper);
    assertThat(latest().slices().get(slice).activity())
        .containsExactly(Map.entry("dram_bandwidth", 0.25), Map.entry("sm", 0.4));
  }

  @Test
  void powerAndTemperatureAreTheBoardsAndBusyIsOfAGpuWithMigOff() throws IOException {
    SimulatedNvml cut = nvml("A100-SXM4-40GB", "1g.5gb@0");
    SimulatedNvml whole = SimulatedNvml.of(LayoutFile.read(layout("{model: T4}")).get(0));
    String gpu = whole.uuid(whole.device(0));
    whole.load().board(gpu, 70_000, 55).utilization(gpu, new NvmlUtilization(80, 10));

    measure(sampler(true), whole);
    BoardUsage board = latest().boards().get(gpu);
    assertThat(board.watts()).hasValue(70);
    assertThat(board.celsius()).hasValue(55);
    assertThat(board.busy()).hasValue(0.8);

    measure(sampler(true), cut);
    assertThat(latest().boards().get(cut.uuid(cut.device(0))).busy()).isEmpty();
    assertThat(latest().boards().get(cut.uuid(cut.device(0))).watts()).hasValue(50);
  }

  @Test
  void measuresAtItsIntervalAndWhenDevicesChange() throws IOException {
    SimulatedNvml nvml = nvml("A100-SXM4-40GB", "1g.5gb@0");
    Sampler sampler = sampler(true);

    assertThat(measure(sampler, nvml)).isEqualTo(Duration.ofSeconds(10));
    now = now.plusSeconds(4);
    assertThat(measure(sampler, nvml)).isEqualTo(Duration.ofSeconds(6));
    assertThat(samples).hasSize(1);
    measure(sampler, nvml("A100-SXM4-40GB", "1g.5gb@0, 1g.5gb@1"));
    assertThat(samples).hasSize(2);
    assertThat(latest().slices()).hasSize(2);
  }

  private Sampler sampler(boolean podMemory) {
    return new Sampler(Duration.ofSeconds(10), podMemory, proc, () -> now, samples::add);
  }

  private Sample latest() {
    return samples.get(samples.size() - 1);
  }

  private Duration measure(Sampler sampler, Nvml nvml) {
    Inventory inventory = Discovery.inventory(nvml, dir);
    Map<String, NvmlDevice> devices = new HashMap<>();
    NvmlDevice gpu = nvml.device(0);
    devices.put(nvml.uuid(gpu), gpu);
    for (int i = 0; i < nvml.maxMigDevices(gpu); i++) {
      Optional<NvmlDevice> slice = nvml.migDevice(gpu, i);
      slice.ifPresent(device -> devices.put(nvml.uuid(device), device));
    }
    return sampler.measure(nvml, inventory, devices);
  }

  private List<String> slices(Nvml nvml) {
    return Discovery.inventory(nvml, dir).gpus().get(0).slices().stream()
        .map(slice -> slice.uuid())
        .toList();
  }

  private SimulatedNvml nvml(String model, String slices) throws IOException {
    return SimulatedNvml.of(
        LayoutFile.read(layout("{model: %s, slices: [%s]}".formatted(model, slices))).get(0));
  }

  private Path layout(String gpu) throws IOException {
    Path file = dir.resolve("nodes.yaml");
    return Files.writeString(file, "nodes: [{name: gpu-a, gpus: [" + gpu + "]}]");
  }

  private void process(int pid, String cgroup) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(folder.resolve("cgroup"), cgroup + "\n");
  }
}
