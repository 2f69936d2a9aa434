package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.NodeLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The whole cluster on loopback: upstream's control plane and kubelets, the chart installed with
 * helm, and our two programs as processes with the accounts that the chart makes for them.
 */
final class Cluster implements AutoCloseable {

  /** A node without GPUs of its own, for contracts. */
  static final String SPARE = "spare";

  static final String SYSTEM = "lamella-system";

  /**
   * What the rig runs itself is not deployed: there is no network for pods. Some tests go past the
   * extender to see what the daemon does: their namespaces are left alone.
   */
  private static final List<String> VALUES =
      List.of(
          "devicePlugin.enabled=false",
          "schedulerExtender.enabled=false",
          "scheduler.enabled=false",
          "webhook.enabled=false",
          "policies.excludedNamespaces={placed,forging,kubelet}");

  private static final String EXTENDER = "lamella-scheduler-extender";
  private static final String PLUGIN = "lamella-device-plugin";

  private final Checkout checkout;
  private final Launcher launcher;
  private final Path layoutFile;
  private final Map<String, Node> nodes = new TreeMap<>();
  private ControlPlane plane;
  private Kube kube;
  private Kubectl kubectl;
  private int extenderPort;
  private boolean secured;
  private Optional<String> extenderServer = Optional.empty();
  private Optional<String> pluginServer = Optional.empty();
  private Map<String, String> extenderEnvironment = Map.of();
  private Map<String, String> pluginEnvironment = Map.of();
  private Program extender;
  private Program scheduler;

  private Cluster(Checkout checkout, Path layoutFile) {
    this.checkout = checkout;
    this.launcher = new Launcher(checkout.logs());
    this.layoutFile = layoutFile;
  }

  /** Starts the cluster; returns when everything serves. If that fails, everything is ended. */
  static Cluster start(Checkout checkout, Path layoutFile) throws Exception {
    requireRoot();
    checkout.clear();
    ControlPlane.build(checkout);
    Cluster cluster = new Cluster(checkout, layoutFile);
    try {
      cluster.startAll();
      return cluster;
    } catch (Exception | AssertionError e) {
      String tails = cluster.launcher.tails();
      cluster.close();
      throw new IllegalStateException("the cluster does not start: " + e.getMessage() + tails, e);
    }
  }

  private static void requireRoot() throws IOException, InterruptedException {
    if (!Command.run(5, Path.of("/"), "", List.of("id", "-u")).strip().equals("0")) {
      throw new IllegalStateException("run as root: nodes get mount namespaces of their own");
    }
  }

  private void startAll() throws Exception {
    List<NodeLayout> layout = LayoutFile.read(layoutFile);
    List<String> names = new ArrayList<>(layout.stream().map(NodeLayout::name).toList());
    names.add(SPARE);
    plane = ControlPlane.start(launcher, checkout, names);
    kube = new Kube(plane.admin());
    kubectl = new Kubectl(Tools.fetch(checkout.cache()), plane.kubeconfig("admin"));
    kubectl.install(checkout.chart(), SYSTEM, VALUES);
    extenderEnvironment = ChartObject.environment(this, "scheduler-extender.yaml", "Deployment");
    pluginEnvironment = ChartObject.environment(this, "device-plugin.yaml", "DaemonSet");
    extenderPort = Ports.free();
    startExtender();
    startScheduler(true);
    for (NodeLayout node : layout) {
      Node started = node(node.name(), checkout.controlplane("kubelet.yaml"));
      nodes.put(node.name(), started);
      started.startKubelet();
    }
    for (Node node : nodes.values()) {
      awaitReady(node.name());
      startPlugin(node);
    }
    for (Node node : nodes.values()) {
      awaitServing(node);
    }
  }

  /** Starts a node's daemon with the GPUs of the layout. */
  void startPlugin(Node node, String... flags) throws Exception {
    node.startPlugin(pluginKubeconfig(node.name()), "simulated:" + layoutFile, flags);
  }

  /** The spare node, of which nothing runs yet; it ends when it is closed and removed. */
  Node spareNode() throws IOException {
    Node node = node(SPARE, checkout.controlplane("kubelet.yaml"));
    nodes.put(SPARE, node);
    return node;
  }

  /** The spare node for somebody else's device plugin: no report of ours is expected of it. */
  Node spareNode(Path kubeletConfig) throws IOException {
    return node(SPARE, kubeletConfig);
  }

  /** Takes the spare node out of the cluster; its programs have ended. */
  void removeSpareNode() throws Exception {
    nodes.remove(SPARE);
    kubectl.run("delete", "node", SPARE, "--ignore-not-found");
    Checkout.delete(checkout.run().resolve(SPARE));
  }

  private Node node(String name, Path kubeletConfig) throws IOException {
    var setting = new Node.Setting(launcher, checkout, plane, kubeletConfig, pluginEnvironment);
    return new Node(setting, name);
  }

  Checkout checkout() {
    return checkout;
  }

  ControlPlane plane() {
    return plane;
  }

  Kube kube() {
    return kube;
  }

  Kubectl kubectl() {
    return kubectl;
  }

  Node node(String name) {
    return nodes.get(name);
  }

  Map<String, Node> nodes() {
    return nodes;
  }

  /** Where kube-scheduler finds the extender, before and after a restart. */
  String extenderUrl() {
    return secured ? secureUrl() : "http://127.0.0.1:" + extenderPort;
  }

  /** The same once it is {@linkplain #secureExtender secured}. */
  String secureUrl() {
    return "https://127.0.0.1:" + extenderPort;
  }

  /**
   * Starts the extender and waits until it has seen the cluster.
   *
   * @param flags besides those that say where it serves and whom it asks
   */
  void startExtender(String... flags) throws Exception {
    extender = launchExtender("scheduler-extender", extenderPort, flags);
    awaitExtender();
  }

  /** Waits until the extender has seen the cluster, and lately. */
  void awaitExtender() throws Exception {
    Eventually.succeeds(
        "extender ready",
        () -> {
          extender.requireAlive();
          requireReady(extenderPort);
        });
  }

  /** Asks an extender on this machine, as it is {@linkplain #secureExtender secured}. */
  void requireReady(int port) throws Exception {
    if (secured) {
      Web.get("https://127.0.0.1:" + port + "/readyz", certificate("ca.crt"));
    } else {
      Web.get("http://127.0.0.1:" + port + "/readyz");
    }
  }

  /** Where a port that leads to an extender is called, secured or not. */
  String addressed(Proxy proxy) {
    return secured ? proxy.url().replace("http:", "https:") : proxy.url();
  }

  /**
   * Starts an extender and does not wait for it: one of several replicas, for example.
   *
   * @param name of its log
   */
  Program launchExtender(String name, int port, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("java", checkout.jvm("scheduler-extender"), "-cp"));
    command.addAll(List.of(checkout.programs(), "dev.lamella.extender.Main"));
    command.addAll(List.of("--listen", "127.0.0.1:" + port));
    Path config = leading(kubectl.accountConfig(SYSTEM, EXTENDER), extenderServer);
    command.addAll(List.of("--kubeconfig", config.toString()));
    command.addAll(List.of(flags));
    return launcher.launch(name, command, extenderEnvironment);
  }

  /**
   * Starts the extender anew, by HTTPS with certificates that it makes itself, and a kube-scheduler
   * that shows the one which is made for it.
   *
   * @param config with the key {@code certificates}
   */
  void secureExtender(Path config) throws Exception {
    stopExtender();
    secured = true;
    startExtender("--config", config.toString());
    for (String key : List.of("ca.crt", "client.crt", "client.key")) {
      Files.writeString(checkout.run().resolve(key), certificate(key));
    }
    startScheduler(true);
  }

  /** Starts the extender anew as it was at first. */
  void bareExtender() throws Exception {
    stopExtender();
    secured = false;
    startExtender();
    startScheduler(true);
  }

  /** What the extender wrote to its Secret. */
  String certificate(String key) throws IOException {
    String path = "/api/v1/namespaces/" + SYSTEM + "/secrets/" + EXTENDER + "-tls";
    String data = kube.get(path).path("data").path(key).asText();
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  void stopExtender() {
    extender.close();
  }

  /** SIGKILL, and starts it anew as it was at first. */
  void killExtender() throws Exception {
    extender.kill();
    startExtender();
  }

  /** SIGKILL, and starts it anew with the same configuration. */
  void killScheduler() throws Exception {
    scheduler.kill();
    scheduler = plane.startScheduler(checkout.run().resolve("kube-scheduler.yaml"));
  }

  /** Our programs that run now, by name. */
  Map<String, Program> ours() {
    Map<String, Program> ours = new TreeMap<>();
    if (extender.alive()) {
      ours.put("extender", extender);
    }
    nodes.values().forEach(node -> ours.put("daemon of " + node.name(), node.plugin()));
    return ours;
  }

  /** The extender's process. */
  Program extender() {
    return extender;
  }

  /**
   * Starts kube-scheduler, in place of the one that runs.
   *
   * @param extended whether it calls the extender
   */
  void startScheduler(boolean extended) throws IOException {
    startScheduler(extended, extenderUrl(), OptionalInt.empty());
  }

  /** As {@link #startScheduler(boolean)}, with other limits than kube-scheduler's own. */
  void startScheduler(boolean extended, int requestsPerSecond) throws IOException {
    startScheduler(extended, extenderUrl(), OptionalInt.of(requestsPerSecond));
  }

  /** As {@link #startScheduler(boolean)}, with whoever serves at an address as the extender. */
  void startScheduler(String url) throws IOException {
    startScheduler(true, url, OptionalInt.empty());
  }

  private void startScheduler(boolean extended, String url, OptionalInt requestsPerSecond)
      throws IOException {
    if (scheduler != null) {
      scheduler.close();
    }
    var config = SchedulerConfig.documented(checkout);
    if (extended) {
      SchedulerConfig.withExtender(config, url, LayoutFile.read(layoutFile));
      if (secured) {
        SchedulerConfig.withCertificates(config, checkout.run());
      }
    } else {
      config.remove("extenders");
    }
    requestsPerSecond.ifPresent(limit -> SchedulerConfig.withRequests(config, limit));
    Path file = checkout.run().resolve("kube-scheduler.yaml");
    SchedulerConfig.write(config, plane.kubeconfig("kube-scheduler"), file);
    scheduler = plane.startScheduler(file);
  }

  /** The addresses by which the extender and the daemons reach the API server when they start. */
  void reachBy(String forExtender, String forDaemons) {
    extenderServer = Optional.of(forExtender);
    pluginServer = Optional.of(forDaemons);
  }

  /** The chart's values that leave the programs to the rig. */
  static List<String> values() {
    return VALUES;
  }

  /** Installs the chart again after an uninstall. Accounts are new, so the programs start anew. */
  void reinstall() throws Exception {
    stopExtender();
    for (Node node : nodes.values()) {
      node.stopPlugin();
    }
    for (Node node : nodes.values()) {
      Eventually.succeeds(node.name() + " offers nothing", () -> requireNothingOffered(node));
    }
    kubectl.install(checkout.chart(), SYSTEM, VALUES);
    startExtender();
    for (Node node : nodes.values()) {
      startPlugin(node);
    }
    for (Node node : nodes.values()) {
      awaitServing(node);
    }
  }

  /**
   * Of a daemon that has lost its rights, the kubelet alone tells that it is gone: its report still
   * says that it serves.
   */
  private void requireNothingOffered(Node node) throws IOException {
    JsonNode allocatable = kube.get("/api/v1/nodes/" + node.name()).at("/status/allocatable");
    for (String resource : gpuNode(node.name()).offered().keySet()) {
      if (allocatable.path(resource).asInt() != 0) {
        throw new IllegalStateException(resource + " of " + allocatable);
      }
    }
  }

  /** A kubeconfig of the daemon's account on a node. */
  Path pluginKubeconfig(String node) throws IOException, InterruptedException {
    return leading(kubectl.nodeAccountConfig(SYSTEM, PLUGIN, node), pluginServer);
  }

  /** A kubeconfig, with another address of the API server. */
  private static Path leading(Path kubeconfig, Optional<String> server) throws IOException {
    if (server.isPresent()) {
      String text = Files.readString(kubeconfig);
      Files.writeString(kubeconfig, text.replaceAll("(server: ).*", "$1" + server.get()));
    }
    return kubeconfig;
  }

  /** A kubeconfig of the daemon's account, of which nobody knows where its bearer runs. */
  Path pluginKubeconfig() throws IOException, InterruptedException {
    return kubectl.accountConfig(SYSTEM, PLUGIN);
  }

  /** Waits until a node's kubelet is ready and no taint keeps pods away. */
  void awaitReady(String node) throws Exception {
    Eventually.succeeds(
        "node " + node + " ready",
        () -> {
          JsonNode object = kube.get("/api/v1/nodes/" + node);
          boolean ready = false;
          for (JsonNode condition : object.at("/status/conditions")) {
            ready |=
                condition.path("type").asText().equals("Ready")
                    && condition.path("status").asText().equals("True");
          }
          if (!ready || object.at("/spec/taints").size() > 0) {
            throw new IllegalStateException(object.path("status").path("conditions").toString());
          }
        });
  }

  /** Waits until the daemon reports, and the Node has as many devices as the daemon offers. */
  void awaitServing(Node node) throws Exception {
    Eventually.succeeds(
        node.name() + " serving",
        () -> {
          node.requireAlive();
          GpuNode gpuNode = gpuNode(node.name());
          gpuNode.requireServing();
          gpuNode.requireOfferedBy(kube.get("/api/v1/nodes/" + node.name()));
        });
  }

  GpuNode gpuNode(String name) throws IOException {
    return GpuNode.of(kube.get("/apis/lamella.dev/v1alpha1/gpunodes/" + name));
  }

  /** The end of every program's log. */
  String tails() throws IOException {
    return launcher.tails();
  }

  @Override
  public void close() {
    launcher.close();
    try {
      Checkout.delete(checkout.run());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
