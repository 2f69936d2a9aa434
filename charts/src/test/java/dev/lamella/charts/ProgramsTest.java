package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.deviceplugin.cli.Flags;
import dev.lamella.deviceplugin.cli.Options;
import dev.lamella.extender.config.ExtenderFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs' own parsers understand the command lines and files that the chart writes. */
class ProgramsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"default", "everything", "host-driver-cdi", "own-accounts", "own-scheduler"})
  void theDaemonStarts(String set) throws IOException {
    Options options = daemon(set, "node-1");
    assertThat(options.nodeName()).contains("node-1");
    assertThat(options.metricsAddress().getPort()).isEqualTo(9400);
    assertThat(options.procRoot()).isEqualTo(Path.of("/host/proc"));
    assertThat(options.settings().nodeLabels()).isEqualTo(set.equals("everything"));
  }

  @Test
  void theDaemonTakesItsConfiguration() throws IOException {
    Options options = daemon("everything", "node-1");
    assertThat(options.kubeletDir()).isEqualTo(Path.of("/var/snap/microk8s/kubelet"));
    assertThat(options.settings().containers().passDeviceSpecs()).isTrue();
    assertThat(options.files().devRoot()).isEqualTo(Path.of("/host/dev"));
    assertThat(options.settings()).isNotEqualTo(daemon("default", "node-1").settings());
  }

  @Test
  void aSimulatedLayoutIsReadByTheNodesThatItNames() throws IOException {
    Options options = daemon("simulated", "kind-worker");
    try (var nvml = options.nvml().open()) {
      assertThat(nvml.deviceCount()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"default", "everything", "host-driver-cdi", "own-accounts", "own-scheduler"})
  void theExtenderStarts(String set) throws IOException {
    Rendered rendered = Chart.render(set);
    JsonNode deployment =
        rendered.ofKind("Deployment").stream()
            .filter(d -> Rendered.title(d).endsWith("-scheduler-extender"))
            .findFirst()
            .orElseThrow();
    List<String> arguments = arguments(rendered, deployment);
    JsonNode container = deployment.at("/spec/template/spec/containers/0");
    assertThat(container.path("env").findValuesAsText("name"))
        .contains("POD_NAME", "POD_NAMESPACE");
    // As the variables say on a cluster.
    arguments.addAll(List.of("--pod-name", "p", "--pod-namespace", "lamella-system"));
    ExtenderFlags flags = ExtenderFlags.parse(arguments.toArray(String[]::new)).orElseThrow();
    assertThat(flags.listen().getPort()).isEqualTo(set.equals("everything") ? 9443 : 8888);
    assertThat(flags.config().placementPolicy())
        .isEqualTo(set.equals("everything") ? "spread" : "pack");
    assertThat(flags.config().leader().elect())
        .isEqualTo(deployment.at("/spec/replicas").asInt() > 1);
  }

  private Options daemon(String set, String node) throws IOException {
    Rendered rendered = Chart.render(set);
    List<String> arguments = arguments(rendered, rendered.ofKind("DaemonSet").get(0));
    return Flags.parse(Map.of("NODE_NAME", node), arguments.toArray(String[]::new));
  }

  /** Arguments with the mounted files' paths led to what the ConfigMap has. */
  private List<String> arguments(Rendered rendered, JsonNode workload) throws IOException {
    JsonNode spec = Rendered.podSpec(workload);
    String map = spec.path("volumes").path(0).at("/configMap/name").asText();
    String mount = spec.at("/containers/0/volumeMounts/0/mountPath").asText();
    for (Map.Entry<String, JsonNode> file :
        rendered.one("ConfigMap", map).path("data").properties()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue().asText());
    }
    List<String> arguments = new ArrayList<>();
    for (JsonNode argument : spec.at("/containers/0/args")) {
      arguments.add(argument.asText().replace(mount + "/", folder + "/"));
    }
    return arguments;
  }
}
