package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods pass the profile "restricted"; the daemon's exceptions are these and no others. (A read-only
 * root file system is asked for besides.)
 */
class PodSecurityTest {

  /** Rule and reason, of the daemon as it is by default. */
  private static final Map<String, String> DAEMON =
      Map.of(
          "hostPath volumes", "the kubelet's sockets, /sys and the driver's part of /proc",
          "runs as root", "the kubelet's folders and sockets are root's",
          "adds capabilities [SYS_ADMIN]", "where an instance lies on its GPU is told to no other");

  static List<Path> sets() throws IOException {
    return Chart.valueSets();
  }

  @ParameterizedTest
  @MethodSource("sets")
  void allButTheDaemonAreRestricted(Path set) {
    for (JsonNode workload : Chart.render(set, Chart.VERSIONS.get(0)).workloads()) {
      if (!workload.path("kind").asText().equals("DaemonSet")) {
        assertThat(PodRules.broken(workload)).as(Rendered.title(workload)).isEmpty();
      }
    }
  }

  @Test
  void theDaemonsExceptionsAreKnown() {
    assertThat(ofDaemon("default")).containsExactlyInAnyOrderElementsOf(DAEMON.keySet());
    assertThat(ofDaemon("own-accounts"))
        .as("migMonitor: false")
        .containsExactlyInAnyOrder("hostPath volumes", "runs as root");
    assertThat(ofDaemon("simulated")).containsExactlyInAnyOrder("hostPath volumes", "runs as root");
    assertThat(ofDaemon("everything"))
        .as("hostPID and SELinux options as asked for")
        .containsExactlyInAnyOrder(
            "hostPath volumes",
            "runs as root",
            "adds capabilities [SYS_ADMIN]",
            "host namespaces",
            "SELinux type spc_t");
    assertThat(ofDaemon("host-driver-cdi"))
        .as("nothing but privilege opens GPUs without the NVIDIA runtime")
        .containsExactlyInAnyOrder(
            "hostPath volumes",
            "runs as root",
            "privileged",
            "allows privilege escalation",
            "keeps capabilities");
  }

  @Test
  void hostFoldersAreThese() {
    assertThat(hostPaths("default"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "/var/lib/kubelet/device-plugins", "rw",
                "/var/lib/kubelet/pod-resources", "ro",
                "/sys", "ro",
                "/proc/driver", "ro"));
    assertThat(hostPaths("host-driver-cdi"))
        .containsEntry("/run/nvidia/driver", "ro")
        .containsEntry("/var/run/cdi", "rw")
        .containsEntry("/dev", "ro")
        .hasSize(7);
  }

  @Test
  void theRuntimeIsAskedForMigMonitoringOnlyWithTheRightThatItDemands() {
    assertThat(environment("default")).contains("NVIDIA_MIG_MONITOR_DEVICES=all");
    assertThat(environment("own-accounts")).doesNotContain("NVIDIA_MIG_MONITOR_DEVICES=all");
    for (Path set : unchecked()) {
      assertThat(environment(name(set)).toString()).doesNotContain("LD_BIND_NOW");
    }
  }

  @Test
  void temporaryFilesCanBeWrittenAndLoaded() {
    JsonNode spec = Rendered.podSpec(daemon("default"));
    JsonNode tmp = named(spec.path("volumes"), "tmp").path("emptyDir");
    assertThat(tmp.path("medium").asText()).isEqualTo("Memory");
    JsonNode mount = named(spec.at("/containers/0/volumeMounts"), "tmp");
    assertThat(mount.path("mountPath").asText()).isEqualTo("/tmp");
    assertThat(mount.path("readOnly").asBoolean()).isFalse();
  }

  private static List<Path> unchecked() {
    try {
      return sets().stream().filter(s -> !name(s).equals("programs-elsewhere")).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String name(Path set) {
    return set.getFileName().toString().replace(".yaml", "");
  }

  private static JsonNode daemon(String set) {
    return Chart.render(set).ofKind("DaemonSet").get(0);
  }

  private static List<String> ofDaemon(String set) {
    return PodRules.broken(daemon(set));
  }

  private static List<String> environment(String set) {
    return Rendered.podSpec(daemon(set))
        .at("/containers/0/env")
        .valueStream()
        .map(e -> e.path("name").asText() + "=" + e.path("value").asText())
        .toList();
  }

  private static Map<String, String> hostPaths(String set) {
    JsonNode spec = Rendered.podSpec(daemon(set));
    Map<String, String> paths = new TreeMap<>();
    for (JsonNode volume : spec.path("volumes")) {
      if (volume.has("hostPath")) {
        JsonNode mount = named(spec.at("/containers/0/volumeMounts"), volume.path("name").asText());
        paths.put(
            volume.at("/hostPath/path").asText(), mount.path("readOnly").asBoolean() ? "ro" : "rw");
      }
    }
    return paths;
  }

  private static JsonNode named(JsonNode list, String name) {
    return list.valueStream()
        .filter(n -> n.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
