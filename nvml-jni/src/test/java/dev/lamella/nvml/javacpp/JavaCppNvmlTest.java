package dev.lamella.nvml.javacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlContract;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlEvents;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.simulated.NodeLayout;
import dev.lamella.nvml.simulated.SimulatedLoad;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The binding over the stand-in, whose MIG devices begin at index 2. */
class JavaCppNvmlTest extends NvmlContract {

  private static final Path LIBRARY = StandinLibrary.shared();

  private SimulatedNvml source;
  private StandinControl current;

  @Override
  protected Nvml open(NodeLayout node) {
    source = SimulatedNvml.of(node);
    current = control();
    current.writeFor(LIBRARY);
    return JavaCppNvml.open(LIBRARY);
  }

  @Override
  protected void raise(int gpuIndex, NvmlEvent.Type type, long data, int instance, int compute) {
    current.event(gpuIndex, type, data, instance, compute).writeFor(LIBRARY);
  }

  @Override
  protected void load(Consumer<SimulatedLoad> change) {
    change.accept(source.load());
    control().writeFor(LIBRARY);
  }

  private StandinControl control() {
    return StandinControl.of(source, 2);
  }

  @Test
  void holesMayComeBeforeTheFirstMigDevice() {
    assertThat(nvml.migDevice(nvml.device(0), 0)).isEmpty();
    assertThat(nvml.migDevice(nvml.device(0), 1)).isEmpty();
    assertThat(nvml.migDevice(nvml.device(0), 2)).isPresent();
  }

  @Test
  void aDriverReplacedUnderneathIsNamed() {
    control().answer("nvmlInit_v2", NvmlStatus.LIB_RM_VERSION_MISMATCH).writeFor(LIBRARY);

    assertThatThrownBy(() -> JavaCppNvml.open(LIBRARY))
        .isInstanceOf(NvmlException.class)
        .hasMessage("nvmlInit_v2: LIB_RM_VERSION_MISMATCH (18)");
  }

  @Test
  void aStatusWithoutANameKeepsItsNumber() {
    control().line("answer nvmlDeviceGetCount_v2 77").writeFor(LIBRARY);

    assertThatThrownBy(nvml::deviceCount)
        .hasMessage("nvmlDeviceGetCount_v2: UNKNOWN (999), code 77");
  }

  @Test
  void onlyHolesAreSkippedInTheMigIndex() {
    NvmlDevice gpu = nvml.device(0);
    control()
        .answer("nvmlDeviceGetMigDeviceHandleByIndex", NvmlStatus.NO_PERMISSION)
        .writeFor(LIBRARY);

    assertRefused(NvmlStatus.NO_PERMISSION, n -> n.migDevice(gpu, 2));
  }

  @Test
  void aLostGpuIsSeenAtTheNextCall() {
    NvmlDevice gpu = nvml.device(3);
    control().line("lost").writeFor(LIBRARY);

    assertRefused(NvmlStatus.GPU_IS_LOST, n -> n.uuid(gpu));
    assertThat(nvml.uuid(nvml.device(0))).startsWith("GPU-");
  }

  @Test
  void aGpuThatCannotBeWatchedKeepsNoOtherFromBeingWatched() {
    control().line("lost").writeFor(LIBRARY);

    try (NvmlEvents events = nvml.openEvents()) {
      assertThat(events.unwatched()).containsExactly(Map.entry(3, NvmlStatus.GPU_IS_LOST));

      control().line("lost").event(2, NvmlEvent.Type.XID, 48, -1, -1).writeFor(LIBRARY);

      assertThat(events.next(Duration.ofSeconds(20)).orElseThrow().gpu()).isEqualTo(nvml.device(2));
    }
  }

  @Test
  void aGpuLostWhileWaitingIsSaid() {
    try (NvmlEvents events = nvml.openEvents()) {
      control().answer("nvmlEventSetWait_v2", NvmlStatus.GPU_IS_LOST).writeFor(LIBRARY);

      assertRefused(NvmlStatus.GPU_IS_LOST, n -> events.next(Duration.ofSeconds(20)));
    }
  }

  @Test
  void aCallThatHangsHoldsNoOtherUp() throws Exception {
    control().delay("nvmlDeviceGetMemoryInfo", Duration.ofHours(1)).writeFor(LIBRARY);
    NvmlDevice gpu = nvml.device(0);
    Thread hanging = new Thread(() -> nvml.memory(gpu), "hanging");
    hanging.setDaemon(true);
    hanging.start();

    assertThat(nvml.uuid(gpu)).startsWith("GPU-");
    assertThat(hanging.isAlive()).isTrue();
    control().writeFor(LIBRARY);
    hanging.join(20_000);
    assertThat(hanging.isAlive()).isFalse();
  }

  @Test
  void moreProcessesThanThereIsRoomForAreAskedForAgain() {
    NvmlDevice slice = slices(nvml.device(0)).get(0);
    NvmlProcess[] many =
        IntStream.rangeClosed(1, 100)
            .mapToObj(pid -> new NvmlProcess(pid, OptionalLong.of(pid)))
            .toArray(NvmlProcess[]::new);
    load(load -> load.run(nvml.uuid(slice), many));

    assertThat(nvml.computeProcesses(slice)).containsExactly(many);
  }

  @Test
  void aJvmIsBoundToOneLibraryForGood() {
    assertThatThrownBy(() -> JavaCppNvml.open(Path.of("/elsewhere/libnvidia-ml.so.1")))
        .isInstanceOfSatisfying(
            NvmlException.class, e -> assertThat(e.status()).isEqualTo(NvmlStatus.INVALID_STATE))
        .hasMessageContaining(LIBRARY.toString())
        .hasMessageContaining("/elsewhere/libnvidia-ml.so.1");
  }
}
