package dev.lamella.simulator.demo;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.DevicePlugin;
import dev.lamella.extender.SchedulerExtender;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.NodeLayout;
import dev.lamella.simulator.apiserver.ApiServerOptions;
import dev.lamella.simulator.apiserver.EmbeddedApiServer;
import dev.lamella.simulator.controller.DeploymentController;
import dev.lamella.simulator.kubelet.Kubelet;
import dev.lamella.simulator.kubelet.KubeletOptions;
import dev.lamella.simulator.scheduler.ExtenderOptions;
import dev.lamella.simulator.scheduler.SchedulerLoop;
import dev.lamella.simulator.scheduler.SchedulerOptions;
import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A cluster in this process: API server, scheduler, controllers and a kubelet a node, around the
 * device plugin and the scheduler extender, which run as they do elsewhere, through their command
 * lines and over their protocols.
 */
public final class EmbeddedCluster implements AutoCloseable {

  /** As the chart sets them for kube-scheduler. */
  private static final Duration BACKOFF = Duration.ofSeconds(1);

  private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);

  /** Extender scores win over in-tree spreading. */
  private static final int EXTENDER_WEIGHT = 100;

  private static final String ANY_PORT = "127.0.0.1:0";

  private final Closing closing;
  private final List<NodeLayout> layout;
  private final EmbeddedApiServer apiServer;
  private final SchedulerExtender extender;
  private final Path kubeconfig;
  private final Map<String, Path> kubeletDirs = new TreeMap<>();
  private final Map<String, URI> metrics = new TreeMap<>();

  private EmbeddedCluster(
      Path layoutFile,
      Path folder,
      ApiServerOptions options,
      Consumer<String> progress,
      Closing closing)
      throws IOException, ApiException {
    this.closing = closing;
    layout = LayoutFile.read(layoutFile);
    apiServer = closing.add(EmbeddedApiServer.start(options));
    kubeconfig = apiServer.writeKubeconfig(folder.resolve("kubeconfig"));
    progress.accept("API server at " + apiServer.uri());
    closing.add(DeploymentController.start(apiServer.uri(), options.clock()));
    for (NodeLayout node : layout) {
      startNode(node.name(), folder.resolve("n" + kubeletDirs.size()), layoutFile);
      progress.accept("node " + node.name());
    }
    extender =
        closing.add(
            SchedulerExtender.start("--kubeconfig", kubeconfig.toString(), "--listen", ANY_PORT));
    closing.add(SchedulerLoop.start(apiServer.uri(), schedulerOptions(extender.uri())));
    progress.accept("scheduler, with the extender at " + extender.uri());
  }

  private void startNode(String name, Path kubeletDir, Path layoutFile)
      throws IOException, ApiException {
    Files.createDirectories(kubeletDir);
    kubeletDirs.put(name, kubeletDir);
    closing.add(Kubelet.start(apiServer.uri(), name, kubeletDir, KubeletOptions.embedded()));
    DevicePlugin plugin =
        closing.add(
            DevicePlugin.start(
                "--node-name",
                name,
                "--kubelet-dir",
                kubeletDir.toString(),
                "--nvml",
                "simulated:" + layoutFile,
                "--kubeconfig",
                kubeconfig.toString(),
                "--metrics-address",
                ANY_PORT));
    metrics.put(
        name,
        URI.create("http://127.0.0.1:%d/metrics".formatted(plugin.metricsAddress().getPort())));
  }

  private static SchedulerOptions schedulerOptions(URI extender) {
    return SchedulerOptions.defaults()
        .withBackoff(BACKOFF, MAX_BACKOFF)
        .withExtender(
            ExtenderOptions.of(extender, name -> ResourceName.parse(name).isPresent())
                .withWeight(EXTENDER_WEIGHT));
  }

  /**
   * Starts a cluster; when this returns, its parts may still be finding each other.
   *
   * @param layoutFile the nodes and their GPUs
   * @param folder where kubelets have their folders: at most 55 bytes long, for unix sockets
   * @param options the API server's, with its faults
   * @param progress told, in a few words each, what has been started
   * @throws dev.lamella.nvml.simulated.LayoutException if the layout is wrong
   */
  public static EmbeddedCluster start(
      Path layoutFile, Path folder, ApiServerOptions options, Consumer<String> progress)
      throws IOException, ApiException {
    return start(layoutFile, folder, options, progress, new Closing());
  }

  static EmbeddedCluster start(
      Path layoutFile,
      Path folder,
      ApiServerOptions options,
      Consumer<String> progress,
      Closing closing)
      throws IOException, ApiException {
    boolean started = false;
    try {
      EmbeddedCluster cluster = new EmbeddedCluster(layoutFile, folder, options, progress, closing);
      started = true;
      return cluster;
    } finally {
      if (!started) {
        closing.close();
      }
    }
  }

  /** The API server. */
  public URI apiServer() {
    return apiServer.uri();
  }

  /** A kubeconfig that leads to it. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  public URI extender() {
    return extender.uri();
  }

  /** Whether the extender has seen the whole cluster. */
  public boolean extenderReady() {
    return extender.ready();
  }

  /** The nodes as they were asked for. */
  public List<NodeLayout> layout() {
    return layout;
  }

  /** Where each node's metrics are, by node. */
  public Map<String, URI> metrics() {
    return Map.copyOf(metrics);
  }

  /** Each kubelet's folder, by node. */
  public Map<String, Path> kubeletDirs() {
    return Map.copyOf(kubeletDirs);
  }

  @Override
  public void close() {
    closing.close();
  }
}
