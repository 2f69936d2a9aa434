package dev.lamella.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs, each by itself, as its image starts it. */
class ProgramsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"device-plugin", "scheduler-extender"})
  void helpIsPrinted(String program) throws Exception {
    try (Running running = Running.of(Image.runnable(program)).run(log(), "--help")) {
      assertThat(running.exitCode()).as(running.err()).isZero();
      assertThat(running.out()).startsWith("Usage: " + program + " ");
      assertThat(running.err()).as("nothing to warn of, the class data archive fits").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"device-plugin", "scheduler-extender"})
  void wrongFlagsAreWrongInput(String program) throws Exception {
    try (Running running = Running.of(Image.runnable(program)).run(log(), "--no-such-flag")) {
      assertThat(running.exitCode()).isEqualTo(2);
      assertThat(running.out()).isEmpty();
      assertThat(running.err()).startsWith(program + ": ").contains("--no-such-flag");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"device-plugin", "scheduler-extender"})
  void aMissingConfigurationFileIsWrongInput(String program) throws Exception {
    Path kubeconfig = kubeconfig("http://127.0.0.1:1");
    try (Running running =
        Running.of(Image.runnable(program))
            .with("NODE_NAME", "gpu-a")
            .mounting(kubeconfig, "/etc/lamella/kubeconfig")
            .run(log(), "--kubeconfig=/etc/lamella/kubeconfig", "--config=/etc/lamella/none")) {
      assertThat(running.exitCode()).as(running.err()).isEqualTo(2);
      assertThat(running.err()).contains("/etc/lamella/none");
    }
  }

  @Test
  void theDaemonServesWithoutAnApiServer() throws Exception {
    Path nodes =
        Files.writeString(
            folder.resolve("nodes.yaml"),
            "nodes: [{name: gpu-a, gpus: [{model: A100-SXM4-40GB, slices: [1g.5gb@0]}]}]");
    int port = Web.freePort();
    try (Running running =
        Running.of(Image.runnable("device-plugin"))
            .with("NODE_NAME", "gpu-a")
            .mounting(nodes, "/etc/lamella/nodes.yaml")
            .mounting(Files.createDirectories(folder.resolve("k")), "/var/lib/kubelet")
            .run(
                log(),
                "--standalone",
                "--nvml=simulated:/etc/lamella/nodes.yaml",
                "--metrics-address=0.0.0.0:" + port)) {
      Web.await(
          running,
          () ->
              assertThat(Web.get(port, "/metrics"))
                  .contains("lamella_slice_", "profile=\"1g.5gb\""));
      assertThat(Web.status(port, "/healthz")).isEqualTo(200);
      running.terminate();
      assertThat(running.exitCode()).as(running.err()).isZero();
    }
  }

  @Test
  void withoutADriverTheDaemonSaysSoAndStays() throws Exception {
    int port = Web.freePort();
    try (Running running =
        Running.of(Image.runnable("device-plugin"))
            .with("NODE_NAME", "gpu-a")
            .mounting(Files.createDirectories(folder.resolve("k")), "/var/lib/kubelet")
            .run(log(), "--standalone", "--metrics-address=0.0.0.0:" + port)) {
      // That the driver's library is what is missing shows that the binding's own was loaded.
      Web.await(
          running, () -> assertThat(running.err()).contains("libnvidia-ml.so.1: cannot open"));
      assertThat(Web.status(port, "/healthz")).isEqualTo(200);
      running.terminate();
      assertThat(running.exitCode()).as(running.err()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"device-plugin", "scheduler-extender"})
  void outsideOfAClusterAKubeconfigIsAskedFor(String program) throws Exception {
    try (Running running =
        Running.of(Image.runnable(program)).with("NODE_NAME", "gpu-a").run(log())) {
      assertThat(running.exitCode()).as(running.err()).isPositive();
      assertThat(running.err().lines().reduce((before, last) -> last))
          .hasValueSatisfying(
              why ->
                  assertThat(why)
                      .startsWith(program + ": ")
                      .contains("KUBERNETES_SERVICE_HOST", "--kubeconfig"));
    }
  }

  @Test
  void theExtenderSaysThatTheApiServerIsAwayAndIsNotReady() throws Exception {
    Path kubeconfig = kubeconfig("http://127.0.0.1:1");
    int port = Web.freePort();
    try (Running running =
        Running.of(Image.runnable("scheduler-extender"))
            .mounting(kubeconfig, "/etc/lamella/kubeconfig")
            .run(log(), "--kubeconfig=/etc/lamella/kubeconfig", "--listen=0.0.0.0:" + port)) {
      Web.await(
          running, () -> assertThat(running.err()).contains("Failed to connect to /127.0.0.1:1"));
      Web.await(running, () -> assertThat(Web.status(port, "/healthz")).isEqualTo(200));
      assertThat(Web.status(port, "/readyz")).isEqualTo(503);
      running.terminate();
      assertThat(running.exitCode()).as(running.err()).isZero();
    }
  }

  private Path kubeconfig(String server) throws Exception {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: here
        clusters: [{name: here, cluster: {server: "%s"}}]
        contexts: [{name: here, context: {cluster: here, user: me}}]
        users: [{name: me, user: {}}]
        """
            .formatted(server));
  }

  private Path log() {
    return folder.resolve("log");
  }
}
