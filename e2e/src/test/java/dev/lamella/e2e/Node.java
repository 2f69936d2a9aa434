package dev.lamella.e2e;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node: upstream's whole kubelet over a runtime that starts no processes, and our daemon, in
 * mount namespaces in which {@link #dir} is /var/lib/kubelet. The runtime outlives a kubelet.
 */
final class Node implements AutoCloseable {

  /**
   * What is there for each node.
   *
   * @param environment of the daemon
   */
  record Setting(
      Launcher launcher,
      Checkout checkout,
      ControlPlane plane,
      Path kubeletConfig,
      Map<String, String> environment) {}

  private static final String KUBELET_DIR = "/var/lib/kubelet";

  private final Setting setting;
  private final String name;
  private final int metricsPort;
  private Program runtime;
  private Program kubelet;
  private Program plugin;
  private List<String> pluginCommand = List.of();

  /** A node of which nothing runs yet. */
  Node(Setting setting, String name) throws IOException {
    this.setting = setting;
    this.name = name;
    this.metricsPort = Ports.free();
  }

  String name() {
    return name;
  }

  /** What the kubelet knows as /var/lib/kubelet. */
  Path dir() {
    return setting.checkout.run().resolve(name);
  }

  /** Where the daemon's metrics are. */
  String metrics() {
    return "http://127.0.0.1:" + metricsPort + "/metrics";
  }

  void startKubelet() throws Exception {
    String binary = setting.checkout.binary().toString();
    if (runtime == null) {
      runtime =
          inside(
              "runtime",
              binary,
              "fake-runtime",
              "--listen=unix://" + KUBELET_DIR + "/runtime.sock",
              "--record=" + KUBELET_DIR + "/containers");
      // A kubelet that comes first gives up: 1.34 does at once.
      var socket = UnixDomainSocketAddress.of(dir().resolve("runtime.sock"));
      Eventually.succeeds(name + "'s runtime", () -> SocketChannel.open(socket).close());
    }
    kubelet =
        inside(
            "kubelet",
            binary,
            "kubelet",
            "--config=" + setting.kubeletConfig,
            "--kubeconfig=" + setting.plane.kubeconfig("node-" + name),
            "--hostname-override=" + name,
            "--v=2");
  }

  void stopKubelet() {
    kubelet.close();
  }

  /**
   * Starts the daemon as the DaemonSet would, on this machine's port for metrics.
   *
   * @param kubeconfig of its service account
   * @param nvml the value of --nvml
   * @param flags besides
   */
  void startPlugin(Path kubeconfig, String nvml, String... flags) throws IOException {
    pluginCommand = new ArrayList<>();
    pluginCommand.addAll(
        List.of(
            "java",
            setting.checkout.jvm("device-plugin"),
            "-cp",
            setting.checkout.programs(),
            "dev.lamella.deviceplugin.Main",
            "--node-name",
            name,
            "--kubeconfig",
            kubeconfig.toString(),
            "--nvml",
            nvml,
            "--metrics-address",
            "127.0.0.1:" + metricsPort));
    pluginCommand.addAll(List.of(flags));
    startPluginAgain();
  }

  void startPluginAgain() throws IOException {
    plugin = inside("device-plugin", setting.environment, pluginCommand);
  }

  /** SIGTERM, as a rolling update does. */
  void stopPlugin() {
    plugin.close();
  }

  /** SIGKILL, as when the daemon is out of memory. */
  void killPlugin() throws InterruptedException {
    plugin.kill();
  }

  /** SIGKILL; the runtime and its containers go on. */
  void killKubelet() throws InterruptedException {
    kubelet.kill();
  }

  /**
   * Waits until the daemon is up and the kubelet itself has its devices again; the Node says so up
   * to 10 s later.
   *
   * @param report with what the daemon offers
   */
  void awaitServed(GpuNode report) throws Exception {
    int offered = report.offered().values().stream().mapToInt(Integer::intValue).sum();
    Eventually.succeeds(
        name + " served again",
        () -> {
          requireAlive();
          Web.get(metrics());
          int healthy = KubeletBooks.allocatable(dir());
          if (healthy < offered) {
            throw new IllegalStateException(healthy + " of " + offered + " devices");
          }
        });
  }

  /** The daemon's process. */
  Program plugin() {
    return plugin;
  }

  void requireAlive() throws IOException {
    for (Program program : List.of(runtime, kubelet, plugin)) {
      program.requireAlive();
    }
  }

  private Program inside(String program, String... command) throws IOException {
    return inside(program, Map.of(), List.of(command));
  }

  private Program inside(String program, Map<String, String> environment, List<String> command)
      throws IOException {
    List<String> whole = new ArrayList<>();
    whole.add(setting.checkout.controlplane("in-node.sh").toString());
    whole.add(dir().toString());
    whole.addAll(command);
    return setting.launcher.launch(name + "-" + program, whole, environment);
  }

  @Override
  public void close() {
    for (Program program : new Program[] {plugin, kubelet, runtime}) {
      if (program != null) {
        program.close();
      }
    }
  }
}
