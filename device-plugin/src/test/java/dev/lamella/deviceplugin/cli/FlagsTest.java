package dev.lamella.deviceplugin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.config.WrongInput;
import dev.lamella.deviceplugin.container.Delivery;
import dev.lamella.deviceplugin.container.ListStrategy;
import dev.lamella.deviceplugin.naming.MigStrategy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagsTest {

  @TempDir Path dir;

  @Test
  void defaultsAreThoseOfANode() {
    Options options = Flags.parse(Map.of("NODE_NAME", "gpu-a"));

    assertThat(options.nodeName()).contains("gpu-a");
    assertThat(options.standalone()).isFalse();
    assertThat(options.kubeletDir()).isEqualTo(Path.of("/var/lib/kubelet"));
    assertThat(options.procRoot()).isEqualTo(Path.of("/proc"));
    assertThat(options.sysRoot()).isEqualTo(Path.of("/sys"));
    assertThat(options.settings()).isEqualTo(Settings.defaults());
    assertThat(options.metricsAddress()).isEqualTo(new InetSocketAddress("0.0.0.0", 9400));
    assertThat(options.kubeconfig()).isEmpty();
  }

  @Test
  void theFlagGoesBeforeTheEnvironmentAndStandaloneIgnoresTheApiServer() {
    Options options =
        Flags.parse(
            Map.of("NODE_NAME", "gpu-a"),
            "--node-name=gpu-b",
            "--standalone",
            "--kubeconfig=/nowhere");

    assertThat(options.nodeName()).contains("gpu-b");
    assertThat(options.kubeconfig()).isEqualTo(Optional.empty());
  }

  @Test
  void flagsGoBeforeTheFile() throws IOException {
    Path file = dir.resolve("config.yaml");
    Files.writeString(file, "migStrategy: single\ndeviceListStrategies: [cdi-cri]\n");

    Settings ofFile = Flags.parse(Map.of("NODE_NAME", "n"), "--config=" + file).settings();
    Settings ofBoth =
        Flags.parse(
                Map.of("NODE_NAME", "n"),
                "--config=" + file,
                "--mig-strategy=none",
                "--device-list-strategy=envvar",
                "--pass-device-specs",
                "--node-labels")
            .settings();

    assertThat(ofFile.migStrategy()).isEqualTo(MigStrategy.SINGLE);
    assertThat(ofFile.containers()).isEqualTo(new Delivery(Set.of(ListStrategy.CDI_CRI), false));
    assertThat(ofFile.nodeLabels()).isFalse();
    assertThat(ofBoth.migStrategy()).isEqualTo(MigStrategy.NONE);
    assertThat(ofBoth.containers()).isEqualTo(new Delivery(Set.of(ListStrategy.ENVVAR), true));
    assertThat(ofBoth.nodeLabels()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nope                       | Unknown option: '--nope'",
        "--device-list-strategy=cdi   | --device-list-strategy is \"cdi\", expected envvar,",
        "--mig-strategy=all           | --mig-strategy is \"all\", expected mixed, single or none",
        "--metrics-address=9400       | --metrics-address is \"9400\", expected HOST:PORT",
        "--metrics-address=a:70000    | --metrics-address is \"a:70000\", expected HOST:PORT",
        "--nvml=simulated:/nowhere    | --nvml: /nowhere: no such file",
        "--config=/nowhere            | /nowhere: cannot be read",
        "stray                        | Unmatched argument at index 0: 'stray'",
      })
  void saysInOneLineWhatIsWrong(String flag, String message) {
    assertThatThrownBy(() -> Flags.parse(Map.of("NODE_NAME", "n"), flag))
        .isInstanceOf(WrongInput.class)
        .message()
        .startsWith(message)
        .doesNotContain("\n");
  }

  @Test
  void wantsANodeNameOrStandalone() {
    assertThatThrownBy(() -> Flags.parse(Map.of()))
        .hasMessage("--node-name is missing: give it, or set NODE_NAME, or run with --standalone");
    assertThat(Flags.parse(Map.of(), "--standalone").nodeName()).isEmpty();
  }

  @Test
  void refusesAKubeletDirThatLeavesNoRoomForSockets() {
    String deep = "/" + "d".repeat(80);
    assertThatThrownBy(() -> Flags.parse(Map.of(), "--standalone", "--kubelet-dir=" + deep))
        .hasMessageStartingWith("--kubelet-dir is " + deep + ": a path of at most");
  }

  @Test
  void namesTheNodesOfALayoutFile() throws IOException {
    Path file = dir.resolve("nodes.yaml");
    Files.writeString(file, "nodes: [{name: gpu-a, gpus: []}, {name: gpu-b, gpus: []}]");

    assertThatThrownBy(() -> Flags.parse(Map.of(), "--standalone", "--nvml=simulated:" + file))
        .hasMessage("--node-name is missing, expected a node of " + file + ": gpu-a, gpu-b");
    assertThatThrownBy(() -> Flags.parse(Map.of(), "--node-name=x", "--nvml=simulated:" + file))
        .hasMessage("--node-name is x, expected a node of " + file + ": gpu-a, gpu-b");
  }

  @Test
  void helpNamesEveryFlag() {
    assertThat(Flags.help())
        .contains(
            "--node-name",
            "--standalone",
            "--kubeconfig",
            "--kubelet-dir",
            "--nvml",
            "--driver-root",
            "--proc-root",
            "--sys-root",
            "--node-labels",
            "--dev-root",
            "--device-list-strategy",
            "--pass-device-specs",
            "--cdi-dir",
            "--cdi-remove-on-stop",
            "--cleanup",
            "--host-driver-root",
            "--mig-strategy",
            "--config",
            "--metrics-address");
  }
}
