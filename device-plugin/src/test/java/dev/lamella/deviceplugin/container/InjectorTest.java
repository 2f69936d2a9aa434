package dev.lamella.deviceplugin.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPU 0 is cut into MIG-a and MIG-b, GPU 1 is whole. */
class InjectorTest {

  private static final Delivery CDI = new Delivery(Set.of(ListStrategy.CDI_CRI), false);

  @TempDir Path dir;

  @BeforeEach
  void hostFiles() throws IOException {
    write(
        "proc/driver/nvidia-caps/mig-minors",
        "config 1\nmonitor 2\ngpu0/gi1/access 12\ngpu0/gi1/ci0/access 13\n"
            + "gpu0/gi2/access 21\ngpu0/gi2/ci0/access 22\n");
    write("dev/nvidiactl", "");
    write("dev/nvidia-uvm", "");
  }

  private void write(String file, String text) throws IOException {
    Path path = dir.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private static Inventory node(String... slices) {
    Map<String, SliceAddress> all =
        Map.of(
            "MIG-a", at("GPU-0", 0, OptionalInt.of(1)),
            "MIG-b", at("GPU-0", 0, OptionalInt.of(2)),
            "GPU-1", at("GPU-1", 1, OptionalInt.empty()));
    Map<String, SliceAddress> some = new TreeMap<>(all);
    some.keySet().retainAll(Set.of(slices));
    return new Inventory("575.57.08", List.of(), some, List.of(), List.of(), Map.of());
  }

  private static SliceAddress at(String gpu, int minor, OptionalInt instance) {
    OptionalInt part = instance.isEmpty() ? instance : OptionalInt.of(0);
    return new SliceAddress(gpu, OptionalInt.of(minor), instance, part);
  }

  private HostFiles files(boolean remove) {
    return new HostFiles(
        dir.resolve("cdi"),
        remove,
        dir.resolve("driver"),
        Path.of("/run/nvidia/driver"),
        dir.resolve("proc"),
        dir.resolve("dev"));
  }

  private Injection inject(List<String> slices, boolean deviceSpecs, ListStrategy... chosen)
      throws IOException {
    Delivery delivery = new Delivery(Set.of(chosen), deviceSpecs);
    try (Injector injector = new Injector(files(false), delivery)) {
      injector.update(node("MIG-a", "MIG-b", "GPU-1"), delivery);
      return injector.inject(slices);
    }
  }

  private JsonNode spec() throws IOException {
    return new JsonMapper().readTree(dir.resolve("cdi/lamella.dev-gpu.json").toFile());
  }

  @Test
  void eachStrategyGivesWhatNvidiasPluginGives() throws IOException {
    List<String> both = List.of("MIG-a", "MIG-b");

    assertThat(inject(both, false, ListStrategy.ENVVAR))
        .isEqualTo(
            new Injection(
                Map.of("NVIDIA_VISIBLE_DEVICES", "MIG-a,MIG-b"),
                Map.of(),
                List.of(),
                Map.of(),
                List.of()));
    assertThat(inject(both, false, ListStrategy.VOLUME_MOUNTS))
        .isEqualTo(
            new Injection(
                Map.of("NVIDIA_VISIBLE_DEVICES", "/var/run/nvidia-container-devices"),
                Map.of(
                    "/var/run/nvidia-container-devices/MIG-a", "/dev/null",
                    "/var/run/nvidia-container-devices/MIG-b", "/dev/null"),
                List.of(),
                Map.of(),
                List.of()));
    assertThat(inject(both, false, ListStrategy.CDI_CRI))
        .isEqualTo(
            new Injection(
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                List.of("lamella.dev/gpu=MIG-a", "lamella.dev/gpu=MIG-b")));
    assertThat(inject(both, false, ListStrategy.CDI_ANNOTATIONS).annotations())
        .hasSize(1)
        .allSatisfy(
            (key, value) -> {
              assertThat(key).startsWith("cdi.k8s.io/lamella_");
              assertThat(key.length() - "cdi.k8s.io/".length()).isLessThanOrEqualTo(63);
              assertThat(value).isEqualTo("lamella.dev/gpu=MIG-a,lamella.dev/gpu=MIG-b");
            });
  }

  @Test
  void strategiesCombine() throws IOException {
    Injection injection =
        inject(
            List.of("MIG-a"),
            false,
            ListStrategy.ENVVAR,
            ListStrategy.VOLUME_MOUNTS,
            ListStrategy.CDI_CRI);

    assertThat(injection.environment())
        .containsEntry("NVIDIA_VISIBLE_DEVICES", "/var/run/nvidia-container-devices");
    assertThat(injection.mounts()).hasSize(1);
    assertThat(injection.cdiDevices()).containsExactly("lamella.dev/gpu=MIG-a");
  }

  @Test
  void deviceSpecsNameEachNodeOnce() throws IOException {
    assertThat(inject(List.of("MIG-a", "MIG-b"), true, ListStrategy.ENVVAR).deviceNodes())
        .containsExactly(
            "/dev/nvidiactl",
            "/dev/nvidia-uvm",
            "/dev/nvidia0",
            "/dev/nvidia-caps/nvidia-cap12",
            "/dev/nvidia-caps/nvidia-cap13",
            "/dev/nvidia-caps/nvidia-cap21",
            "/dev/nvidia-caps/nvidia-cap22");
    assertThat(inject(List.of("GPU-1"), true, ListStrategy.ENVVAR).deviceNodes())
        .containsExactly("/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia1");
  }

  @Test
  void theSpecNamesEverySliceWithItsNodesAndTheDriversFiles() throws IOException {
    write("driver/usr/lib64/libcuda.so.575.57.08", "");
    write("driver/usr/lib64/libcuda.so.1", "");
    write("driver/usr/lib64/libother.so.1", "");
    write("driver/usr/bin/nvidia-ctk", "");

    inject(List.of("MIG-a"), false, ListStrategy.CDI_CRI);

    JsonNode spec = spec();
    assertThat(spec.at("/cdiVersion").asText()).isEqualTo("0.6.0");
    assertThat(spec.at("/kind").asText()).isEqualTo("lamella.dev/gpu");
    assertThat(spec.findValuesAsText("name")).containsExactly("GPU-1", "MIG-a", "MIG-b");
    assertThat(spec.at("/devices/1/containerEdits/deviceNodes").findValuesAsText("path"))
        .containsExactly(
            "/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap12", "/dev/nvidia-caps/nvidia-cap13");
    assertThat(spec.at("/containerEdits/deviceNodes").findValuesAsText("path"))
        .containsExactly("/dev/nvidiactl", "/dev/nvidia-uvm");
    assertThat(spec.at("/containerEdits/mounts").findValuesAsText("containerPath"))
        .containsExactly("/usr/lib64/libcuda.so.1", "/usr/lib64/libcuda.so.575.57.08");
    assertThat(spec.at("/containerEdits/hooks/0/args").toString())
        .isEqualTo("[\"nvidia-ctk\",\"hook\",\"update-ldcache\",\"--folder\",\"/usr/lib64\"]");
  }

  @Test
  void theSpecFollowsTheNodeAndIsRemovedOnlyIfAskedFor() throws IOException {
    try (Injector injector = new Injector(files(false), CDI)) {
      injector.update(node("MIG-a"), CDI);
      assertThat(spec().get("devices")).hasSize(1);
      injector.update(node("MIG-a", "MIG-b"), CDI);
      assertThat(spec().get("devices")).hasSize(2);
    }
    assertThat(files()).containsExactly("lamella.dev-gpu.json");

    try (Injector injector = new Injector(files(true), CDI)) {
      injector.update(node("MIG-a"), CDI);
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void anEmptyNodeHasNoSpec() throws IOException {
    try (Injector injector = new Injector(files(false), CDI)) {
      injector.update(node("MIG-a"), CDI);
      injector.update(node(), CDI);
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void withoutCdiNoFileIsWritten() throws IOException {
    inject(List.of("MIG-a"), true, ListStrategy.ENVVAR, ListStrategy.VOLUME_MOUNTS);

    assertThat(dir.resolve("cdi")).doesNotExist();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("cdi"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
