package dev.lamella.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own. */
class MainTest {

  private static final int SIGTERM_LIMIT_SECONDS = 20;

  @TempDir Path dir;
  private Process process;

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private Process run(String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("dev.lamella.deviceplugin.Main");
    command.addAll(List.of(flags));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("NODE_NAME");
    process =
        builder
            .redirectOutput(dir.resolve("out").toFile())
            .redirectError(dir.resolve("err").toFile())
            .start();
    return process;
  }

  private int ended() throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the program ends").isTrue();
    return process.exitValue();
  }

  private List<String> err() throws IOException {
    return Files.readAllLines(dir.resolve("err"));
  }

  private void library(Path library, String gpus, int holes) throws IOException {
    Path file = dir.resolve("nodes.yaml");
    Files.writeString(file, "nodes: [{name: n, gpus: [" + gpus + "]}]");
    StandinControl.of(SimulatedNvml.of(LayoutFile.read(file).get(0)), holes).writeFor(library);
  }

  private Process standalone(Path library) throws IOException {
    return run(
        "--standalone",
        "--nvml=" + library,
        "--kubelet-dir=" + dir,
        "--metrics-address=127.0.0.1:0");
  }

  @Test
  void advertisesWhatNvmlShowsAndEndsCleanlyOnSigterm() throws Exception {
    Path library = StandinLibrary.compile(dir.resolve("driver"));
    library(
        library,
        "{model: A100-SXM4-40GB, slices: [1g.5gb@0, 3g.20gb@4]}, {model: T4},"
            + " {model: A100-SXM4-40GB, slices: []}",
        3);
    try (FakeKubelet kubelet = FakeKubelet.start(dir)) {
      standalone(library);

      Wait.until(
          () ->
              assertThat(kubelet.resources())
                  .containsExactly(
                      "nvidia.com/gpu",
                      "nvidia.com/gpu.shared",
                      "nvidia.com/mig-1g.5gb",
                      "nvidia.com/mig-1g.5gb.shared",
                      "nvidia.com/mig-3g.20gb",
                      "nvidia.com/mig-3g.20gb.shared"));
      Wait.until(() -> assertThat(kubelet.devices("nvidia.com/mig-1g.5gb.shared")).hasSize(4));
      Wait.until(() -> assertThat(kubelet.devices("nvidia.com/gpu")).hasSize(1));
      process.destroy();

      assertThat(process.waitFor(SIGTERM_LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
    try (var sockets = Files.newDirectoryStream(dir.resolve("device-plugins"), "lamella-*")) {
      assertThat(sockets).isEmpty();
    }
  }

  @Test
  void endsWithItsReasonWhenTheDriverWasReplaced() throws Exception {
    Path library = StandinLibrary.compile(dir.resolve("driver"));
    new StandinControl().line("answer nvmlInit_v2 18").writeFor(library);

    standalone(library);

    assertThat(ended()).isEqualTo(1);
    assertThat(err().get(err().size() - 1))
        .startsWith("device-plugin: the driver was replaced under this process: nvmlInit_v2");
  }

  @Test
  void wrongInputIsExitCodeTwoAndOneLine() throws Exception {
    run("--standalone", "--nope=1");

    assertThat(ended()).isEqualTo(2);
    assertThat(err())
        .singleElement()
        .asString()
        .startsWith("device-plugin: Unknown option: '--nope=1'");

    Path config = Files.writeString(dir.resolve("config.yaml"), "share: {default: 2}\n");
    run("--standalone", "--config=" + config);

    assertThat(ended()).isEqualTo(2);
    assertThat(err())
        .containsExactly(
            "device-plugin: "
                + config
                + ": unknown key \"share\"; the nearest valid one is \"shares\"");
  }

  @Test
  void helpGoesToStandardOutput() throws Exception {
    run("--help");

    assertThat(ended()).isZero();
    assertThat(Files.readString(dir.resolve("out"))).startsWith("Usage: device-plugin");
    assertThat(err()).isEmpty();
  }
}
