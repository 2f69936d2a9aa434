package dev.lamella.deviceplugin.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lamella.core.geometry.Placement;
import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Slice;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.javacpp.JavaCppNvml;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Discovery through the real binding over a stand-in for NVIDIA's library. */
class DiscoveryTest {

  @TempDir Path dir;

  private Nvml layout(String gpus) throws IOException {
    Path file = dir.resolve("nodes.yaml");
    Files.writeString(file, "nodes: [{name: n, gpus: [" + gpus + "]}]");
    return SimulatedNvml.of(LayoutFile.read(file).get(0));
  }

  private Inventory discover(StandinControl control) {
    Path library = StandinLibrary.shared();
    control.writeFor(library);
    try (Nvml nvml = JavaCppNvml.open(library)) {
      return Discovery.inventory(nvml, dir);
    }
  }

  private static List<String> described(Inventory inventory) {
    return inventory.gpus().stream()
        .flatMap(gpu -> gpu.slices().stream())
        .map(
            slice ->
                "%s@%d+%d %dc %dMiB"
                    .formatted(
                        slice.profile(),
                        slice.placement().start(),
                        slice.placement().size(),
                        slice.computeSlices(),
                        slice.memoryMiB()))
        .toList();
  }

  @Test
  void findsInstancesBehindHoles() throws IOException {
    Inventory found =
        discover(
            StandinControl.of(
                layout("{model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb+me@1, 3g.20gb@4]}"), 2));

    assertThat(found.problems()).isEmpty();
    assertThat(found.driverVersion()).isEqualTo("575.57.08");
    assertThat(found.gpus())
        .extracting(Gpu::model, Gpu::migEnabled)
        .containsExactly(tuple("A100-SXM4-40GB", true));
    assertThat(described(found))
        .containsExactly(
            "1g.5gb@0+1 1c 4864MiB", "1g.5gb+me@1+1 1c 4864MiB", "3g.20gb@4+4 3c 19456MiB");
  }

  @Test
  void aGpuWithMigOffIsOneSliceAndOneThatIsEmptyIsNone() throws IOException {
    Inventory found =
        discover(
            StandinControl.of(
                layout("{model: A30}, {model: T4}, {model: A100-SXM4-40GB, slices: []}")));

    assertThat(found.problems()).isEmpty();
    assertThat(described(found)).containsExactly("gpu@0+4 4c 24576MiB", "gpu@0+1 7c 15360MiB");
    assertThat(found.gpus().get(0).slices().get(0).uuid()).isEqualTo(found.gpus().get(0).uuid());
    assertThat(found.gpus().get(2).migEnabled()).isTrue();
    assertThat(found.gpus().get(2).slices()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A100-SXM4-80GB, slices: [1g.10gb@0, 1g.20gb@2, 2g.20gb@4]",
        "H100-80GB, slices: [1g.10gb@0, 1g.10gb+me@1, 2g.20gb@2, 3g.40gb@4]",
        "H200-141GB, slices: [4g.71gb@0, 1g.18gb@4, 1g.35gb@6]",
        "B200-180GB, slices: [1g.23gb@0, 2g.45gb@2, 3g.90gb@4]",
        "B200-180GB, slices: [7g.180gb@0]",
        "A30, slices: [2g.12gb@0, 1g.6gb@2, 1g.6gb+me@3]",
        "A30, slices: [4g.24gb@0]",
        "RTX-PRO-6000-96GB, slices: [1g.24gb@0, 2g.48gb@2]"
      })
  void namesProfilesFromAttributes(String gpu) throws IOException {
    String[] expected = gpu.replaceAll(".*\\[|].*", "").split(", ");

    Inventory found = discover(StandinControl.of(layout("{model: " + gpu + "}")));

    assertThat(found.gpus().get(0).slices())
        .extracting(slice -> slice.profile() + "@" + slice.placement().start())
        .containsExactly(expected);
  }

  @Test
  void aPlacementThatIsNotToldIsSaidAndTheSliceIsKept() throws IOException {
    Inventory found =
        discover(
            StandinControl.of(layout("{model: A100-SXM4-40GB, slices: [1g.5gb+me@2, 3g.20gb@4]}"))
                .answer("nvmlDeviceGetGpuInstanceById", NvmlStatus.NO_PERMISSION));

    assertThat(found.gpus().get(0).slices())
        .extracting(Slice::profile, Slice::placement)
        .containsExactlyInAnyOrder(
            tuple("1g.5gb+me", new Placement(0, 1)), tuple("3g.20gb", new Placement(0, 4)));
    assertThat(found.problems())
        .hasSize(2)
        .allMatch(problem -> problem.contains("stands is not known, start 0 is shown"))
        .allMatch(problem -> problem.contains("NO_PERMISSION"));
  }

  @Test
  void aGpuThatIsLostIsLeftOutAndTheOthersStay() throws IOException {
    StandinControl control = new StandinControl().line("driver 1.2.3").line("gpu").line("lost");
    Inventory found =
        discover(
            control
                .line("gpu")
                .line("  name NVIDIA H100 80GB HBM3")
                .line("  uuid GPU-1")
                .line("  bus 00000000:0F:00.0")
                .line("  memory 85520809984 0"));

    assertThat(found.gpus()).extracting(Gpu::uuid).containsExactly("GPU-1");
    assertThat(described(found)).containsExactly("gpu@0+1 7c 81559MiB");
    assertThat(found.problems()).singleElement().asString().startsWith("GPU 0 is left out: ");
    assertThat(found.problems().get(0)).contains("GPU_IS_LOST");
  }

  @Test
  void aPartOfAGpuInstanceIsLeftOut() throws IOException {
    Inventory found =
        discover(
            StandinControl.of(layout("{model: A100-SXM4-40GB, slices: []}"))
                .line("mig 0")
                .line("  uuid MIG-part")
                .line("  memory 20401094656 0")
                .line("  instance 1 0")
                .line("  placed 9 4 4")
                .line("  attributes 14 3 2 0 0 0 3 1 19456"));

    assertThat(described(found)).isEmpty();
    assertThat(found.problems())
        .containsExactly(
            "slice MIG-part is left out: its compute instance has 1 of 3 compute slices, expected"
                + " all");
  }

  @Test
  void aLibraryThatDoesNotFitTheDriverIsNotACaseOfOneGpu() throws IOException {
    StandinControl control =
        StandinControl.of(layout("{model: T4}"))
            .answer("nvmlDeviceGetUUID", NvmlStatus.LIB_RM_VERSION_MISMATCH);

    assertThatThrownBy(() -> discover(control))
        .isInstanceOf(NvmlException.class)
        .hasMessageContaining("LIB_RM_VERSION_MISMATCH");
  }

  @Test
  void readsTheNumaNodeWhereSysfsSaysIt() throws IOException {
    Path device = Files.createDirectories(dir.resolve("bus/pci/devices/0000:0f:00.0"));
    NumaNodes nodes = new NumaNodes(dir);
    assertThat(nodes.of("00000000:0F:00.0")).isEmpty();

    Files.writeString(device.resolve("numa_node"), "1\n");
    assertThat(nodes.of("00000000:0F:00.0")).isEqualTo(OptionalInt.of(1));

    Files.writeString(device.resolve("numa_node"), "-1\n");
    assertThat(nodes.of("00000000:0F:00.0")).isEmpty();
  }
}
