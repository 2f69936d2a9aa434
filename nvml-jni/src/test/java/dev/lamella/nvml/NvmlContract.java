package dev.lamella.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.PlacedProfile;
import dev.lamella.core.geometry.Placement;
import dev.lamella.nvml.simulated.GpuLayout;
import dev.lamella.nvml.simulated.NodeLayout;
import dev.lamella.nvml.simulated.SimulatedLoad;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Nvml} answers for the same node. */
public abstract class NvmlContract {

  private static final String A100 = "A100-SXM4-40GB";

  private static final NodeLayout NODE =
      new NodeLayout(
          "gpu-a",
          List.of(
              cut(A100, "1g.5gb@0", "3g.20gb@4", "1g.5gb+me@2"),
              cut(A100),
              new GpuLayout(A100, false, List.of()),
              new GpuLayout("T4", false, List.of())));

  private static final NodeLayout HOPPER =
      new NodeLayout(
          "gpu-b",
          List.of(
              cut("H100-80GB", "1g.10gb@0", "3g.40gb@4"),
              new GpuLayout("H100-80GB", false, List.of())));

  protected Nvml nvml;

  private static final Duration SOON = Duration.ofSeconds(20);

  protected abstract Nvml open(NodeLayout node);

  /** Makes the opened NVML report an event; -1 as an instance's id means the whole GPU. */
  protected abstract void raise(
      int gpuIndex, NvmlEvent.Type type, long data, int gpuInstance, int computeInstance);

  /** Changes what runs on the opened NVML's devices. */
  protected abstract void load(Consumer<SimulatedLoad> change);

  @BeforeEach
  void open() {
    nvml = open(NODE);
  }

  @AfterEach
  void shut() {
    nvml.close();
  }

  @Test
  void saysTheDriversVersionAndHowManyGpusThereAre() {
    assertThat(nvml.driverVersion()).isEqualTo("575.57.08");
    assertThat(nvml.nvmlVersion()).isEqualTo("12.575.57.08");
    assertThat(nvml.deviceCount()).isEqualTo(4);
  }

  @Test
  void namesGpus() {
    assertThat(nvml.name(nvml.device(0))).isEqualTo("NVIDIA A100-SXM4-40GB");
    assertThat(nvml.name(nvml.device(3))).isEqualTo("NVIDIA T4");
    assertThat(nvml.minorNumber(nvml.device(1))).isEqualTo(1);
    assertThat(nvml.pciBusId(nvml.device(1))).isEqualTo("00000000:0F:00.0");
  }

  @Test
  void namesMigDevices() {
    assertThat(slices(nvml.device(0)).stream().map(nvml::name))
        .containsExactly(
            "NVIDIA A100-SXM4-40GB MIG 1g.5gb",
            "NVIDIA A100-SXM4-40GB MIG 1g.5gb+me",
            "NVIDIA A100-SXM4-40GB MIG 3g.20gb");
  }

  @Test
  void everyDeviceHasAUuidOfItsOwnThatStaysTheSame() {
    Set<String> gpus = new HashSet<>();
    for (int i = 0; i < nvml.deviceCount(); i++) {
      gpus.add(nvml.uuid(nvml.device(i)));
    }
    List<String> slices = slices(nvml.device(0)).stream().map(nvml::uuid).toList();

    assertThat(gpus).hasSize(4).allMatch(uuid -> uuid.matches("GPU-[0-9a-f-]{36}"));
    assertThat(slices)
        .doesNotHaveDuplicates()
        .allMatch(uuid -> uuid.matches("MIG-[0-9a-f-]{36}"))
        .isEqualTo(slices(nvml.device(0)).stream().map(nvml::uuid).toList());
  }

  @Test
  void migIsOnOrOffOrNotSupported() {
    assertThat(nvml.migMode(nvml.device(1))).contains(new MigMode(true, true));
    assertThat(nvml.migMode(nvml.device(2))).contains(new MigMode(false, false));
    assertThat(nvml.migMode(nvml.device(3))).isEmpty();
  }

  @Test
  void indexesWithoutAMigDeviceAreHoles() {
    NvmlDevice gpu = nvml.device(0);

    assertThat(nvml.maxMigDevices(gpu)).isEqualTo(7);
    assertThat(IntStream.range(0, 7).mapToObj(i -> nvml.migDevice(gpu, i)))
        .filteredOn(Optional::isEmpty)
        .hasSize(4);
    assertThat(nvml.migDevice(gpu, 7)).isEmpty();
    assertThat(nvml.migDevice(gpu, 1000)).isEmpty();
  }

  @Test
  void aGpuWithMigOnMayBeEmpty() {
    assertThat(nvml.maxMigDevices(nvml.device(1))).isEqualTo(7);
    assertThat(slices(nvml.device(1))).isEmpty();
  }

  @Test
  void aGpuWithMigOffHasNoMigDevices() {
    assertThat(nvml.maxMigDevices(nvml.device(2))).isZero();
    assertThat(nvml.migDevice(nvml.device(2), 0)).isEmpty();
    assertThat(nvml.maxMigDevices(nvml.device(3))).isZero();
  }

  @Test
  void migDevicesHaveAttributes() {
    assertThat(slices(nvml.device(0)).stream().map(nvml::attributes))
        .containsExactly(
            new MigAttributes(14, 1, 0, 0, 0, 0, 1, 1, 4_864),
            new MigAttributes(14, 1, 1, 0, 1, 1, 1, 1, 4_864),
            new MigAttributes(42, 3, 0, 0, 0, 0, 3, 3, 19_456));
  }

  @Test
  void gpuInstancesHaveAProfileAndAPlacement() {
    NvmlDevice gpu = nvml.device(0);
    List<GpuInstance> instances =
        slices(gpu).stream().map(s -> nvml.gpuInstance(gpu, nvml.gpuInstanceId(s))).toList();

    assertThat(instances.stream().map(GpuInstance::placement))
        .containsExactly(new Placement(0, 1), new Placement(2, 1), new Placement(4, 4));
    assertThat(instances.stream().map(GpuInstance::profileId)).containsExactly(19, 20, 9);
    assertThat(instances.stream().map(GpuInstance::id)).doesNotHaveDuplicates();
    assertThat(slices(gpu).stream().map(nvml::computeInstanceId)).containsOnly(0);
  }

  @Test
  void memoryIsInBytes() {
    long mib = 1 << 20;
    assertThat(nvml.memory(nvml.device(0)))
        .isEqualTo(new NvmlMemory(40_960 * mib, 40_960 * mib, 0));
    assertThat(slices(nvml.device(0)).stream().map(nvml::memory).map(NvmlMemory::total))
        .containsExactly(4_864 * mib, 4_864 * mib, 19_456 * mib);
  }

  @Test
  void saysWhatAGpuCanBeCutInto() {
    assertThat(nvml.gpuInstanceProfiles(nvml.device(1)))
        .containsExactly(
            new GpuInstanceProfile(0, 7, 1, 38_912),
            new GpuInstanceProfile(5, 4, 1, 19_456),
            new GpuInstanceProfile(9, 3, 2, 19_456),
            new GpuInstanceProfile(14, 2, 3, 9_728),
            new GpuInstanceProfile(15, 1, 4, 9_728),
            new GpuInstanceProfile(19, 1, 7, 4_864),
            new GpuInstanceProfile(20, 1, 1, 4_864));
    assertThat(nvml.gpuInstanceProfiles(nvml.device(2))).isEmpty();
    assertThat(nvml.gpuInstanceProfiles(nvml.device(3))).isEmpty();
  }

  @Test
  void saysWhereInstancesMayStandOnAnEmptyGpu() {
    NvmlDevice gpu = nvml.device(0);
    assertThat(nvml.possiblePlacements(gpu, 14))
        .containsExactly(new Placement(0, 2), new Placement(2, 2), new Placement(4, 2));
    assertThat(nvml.possiblePlacements(gpu, 9))
        .containsExactly(new Placement(0, 4), new Placement(4, 4));
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.possiblePlacements(gpu, 77));
    assertRefused(NvmlStatus.NOT_SUPPORTED, n -> n.possiblePlacements(n.device(2), 14));
  }

  @Test
  void deliversEventsInTheirOrderAndOnlyOnce() {
    NvmlDevice gpu = nvml.device(0);
    try (NvmlEvents events = nvml.openEvents()) {
      assertThat(events.unwatched()).isEmpty();
      assertThat(events.next(Duration.ZERO)).isEmpty();

      raise(0, NvmlEvent.Type.XID, 79, 3, 0);
      raise(0, NvmlEvent.Type.DOUBLE_BIT_ECC, 0, -1, -1);

      OptionalInt all = OptionalInt.empty();
      assertThat(events.next(SOON))
          .contains(
              new NvmlEvent(gpu, NvmlEvent.Type.XID, 79, OptionalInt.of(3), OptionalInt.of(0)));
      assertThat(events.next(SOON))
          .contains(new NvmlEvent(gpu, NvmlEvent.Type.DOUBLE_BIT_ECC, 0, all, all));
      assertThat(events.next(Duration.ofMillis(20))).isEmpty();
    }
  }

  @Test
  void namesTheProcessesOfADeviceAndTheirMemory() {
    NvmlDevice slice = slices(nvml.device(0)).get(0);
    NvmlProcess told = new NvmlProcess(41, OptionalLong.of(1L << 30));
    NvmlProcess untold = new NvmlProcess(7, OptionalLong.empty());
    load(load -> load.run(nvml.uuid(slice), told, untold));

    assertThat(nvml.computeProcesses(slice)).containsExactly(untold, told);
    assertThat(nvml.memory(slice).used()).isEqualTo(1L << 30);
    assertThat(nvml.computeProcesses(slices(nvml.device(0)).get(1))).isEmpty();
  }

  @Test
  void powerAndTemperatureAreTheBoards() {
    NvmlDevice gpu = nvml.device(0);
    load(load -> load.board(nvml.uuid(gpu), 321_000, 64));

    assertThat(nvml.powerMilliwatts(gpu)).isEqualTo(321_000);
    assertThat(nvml.temperature(gpu)).isEqualTo(64);
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.powerMilliwatts(slices(gpu).get(0)));
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.temperature(slices(gpu).get(0)));
  }

  @Test
  void howBusyAGpuIsIsToldWithMigOffOnly() {
    NvmlDevice whole = nvml.device(2);
    load(load -> load.utilization(nvml.uuid(whole), new NvmlUtilization(87, 12)));

    assertThat(nvml.utilization(whole)).isEqualTo(new NvmlUtilization(87, 12));
    assertRefused(NvmlStatus.NOT_SUPPORTED, n -> n.utilization(n.device(0)));
  }

  @Test
  void boardsBeforeHopperDoNotTellTheActivityOfASlice() {
    NvmlDevice gpu = nvml.device(0);
    int instance = nvml.gpuInstanceId(slices(gpu).get(0));

    assertThat(nvml.supportsGpm(gpu)).isFalse();
    assertRefused(NvmlStatus.NOT_SUPPORTED, n -> n.gpmSample(gpu, OptionalInt.of(instance)));
  }

  @Test
  void twoSamplesTellTheActivityOfASlice() {
    nvml.close();
    nvml = open(HOPPER);
    NvmlDevice gpu = nvml.device(0);
    NvmlDevice slice = slices(gpu).get(1);
    OptionalInt instance = OptionalInt.of(nvml.gpuInstanceId(slice));
    Map<GpmMetric, Double> busy = Map.of(GpmMetric.SM, 62.5, GpmMetric.DRAM_BANDWIDTH, 31.0);
    load(load -> load.activity(nvml.uuid(slice), busy));

    assertThat(nvml.supportsGpm(gpu)).isTrue();
    try (GpmSample earlier = nvml.gpmSample(gpu, instance);
        GpmSample later = nvml.gpmSample(gpu, instance)) {
      assertThat(later.since(earlier)).isEqualTo(new TreeMap<>(busy));
    }
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.gpmSample(gpu, OptionalInt.of(99)));
  }

  @Test
  void aWholeGpuHasSamplesToo() {
    nvml.close();
    nvml = open(HOPPER);
    NvmlDevice gpu = nvml.device(1);
    load(load -> load.activity(nvml.uuid(gpu), Map.of(GpmMetric.TENSOR, 12.0)));

    try (GpmSample earlier = nvml.gpmSample(gpu, OptionalInt.empty());
        GpmSample later = nvml.gpmSample(gpu, OptionalInt.empty())) {
      assertThat(later.since(earlier)).containsExactly(Map.entry(GpmMetric.TENSOR, 12.0));
    }
  }

  @Test
  void endsWatchingOnce() {
    NvmlEvents events = nvml.openEvents();
    events.close();
    events.close();

    assertRefused(NvmlStatus.UNINITIALIZED, n -> events.next(SOON));
  }

  @Test
  void refusesWhatDoesNotExist() {
    NvmlDevice gpu = nvml.device(0);
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.device(4));
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.device(-1));
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.uuid(new NvmlDevice(0)));
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.attributes(gpu));
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.gpuInstanceId(gpu));
    assertRefused(NvmlStatus.INVALID_ARGUMENT, n -> n.minorNumber(slices(gpu).get(0)));
    assertRefused(NvmlStatus.NOT_FOUND, n -> n.gpuInstance(gpu, 99));
  }

  @Test
  void answersNothingOnceClosed() {
    nvml.close();
    nvml.close();

    assertRefused(NvmlStatus.UNINITIALIZED, Nvml::deviceCount);
  }

  @Test
  void mayBeOpenedAgain() {
    String before = nvml.uuid(nvml.device(0));
    nvml.close();
    nvml = open(NODE);

    assertThat(nvml.uuid(nvml.device(0))).isEqualTo(before);
  }

  protected List<NvmlDevice> slices(NvmlDevice gpu) {
    return IntStream.range(0, nvml.maxMigDevices(gpu))
        .mapToObj(index -> nvml.migDevice(gpu, index))
        .flatMap(Optional::stream)
        .toList();
  }

  protected void assertRefused(NvmlStatus status, Consumer<Nvml> call) {
    assertThatThrownBy(() -> call.accept(nvml))
        .isInstanceOfSatisfying(NvmlException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  private static GpuLayout cut(String model, String... slices) {
    Board board = Boards.byModel(model).orElseThrow();
    return new GpuLayout(
        model, true, Arrays.stream(slices).map(slice -> placed(board, slice)).toList());
  }

  private static PlacedProfile placed(Board board, String text) {
    String[] parts = text.split("@");
    return new PlacedProfile(board.profile(parts[0]).orElseThrow(), Integer.parseInt(parts[1]));
  }
}
