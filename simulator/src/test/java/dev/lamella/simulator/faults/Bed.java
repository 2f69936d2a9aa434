package dev.lamella.simulator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.DevicePlugin;
import dev.lamella.extender.SchedulerExtender;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.kube.ClusterWatch;
import dev.lamella.extender.kube.Disruptions;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.TenantFaults;
import dev.lamella.simulator.apiserver.ApiServerOptions;
import dev.lamella.simulator.apiserver.EmbeddedApiServer;
import dev.lamella.simulator.controller.DeploymentController;
import dev.lamella.simulator.kube.Await;
import dev.lamella.simulator.kube.KubeClient;
import dev.lamella.simulator.kubelet.Kubelet;
import dev.lamella.simulator.kubelet.KubeletOptions;
import dev.lamella.simulator.scheduler.ExtenderOptions;
import dev.lamella.simulator.scheduler.SchedulerLoop;
import dev.lamella.simulator.scheduler.SchedulerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A cluster in this process whose API server has faults: kubelets, device plugins, controllers and
 * a scheduler loop around the unmodified programs.
 */
final class Bed implements AutoCloseable {

  /** Longest that a pod takes to stop, whatever its grace period. */
  private static final Duration STOP_LIMIT = Duration.ofMillis(500);

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Map<String, String> PATHS =
      Map.of(
          "Namespace", "/api/v1/namespaces",
          "Tenant", "/apis/lamella.dev/v1alpha1/tenants",
          "Pod", "/api/v1/namespaces/%s/pods",
          "Deployment", "/apis/apps/v1/namespaces/%s/deployments",
          "PodDisruptionBudget", "/apis/policy/v1/namespaces/%s/poddisruptionbudgets");

  final Weather weather = new Weather();
  final EmbeddedApiServer api;
  final Path kubeconfig;
  final KubeClient kube;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private SchedulerExtender extender;

  /**
   * Starts nodes n0 and on, and waits until they serve.
   *
   * @param slices such as {@code 1g.5gb@0, 1g.5gb@1}, of each node's one A100
   */
  Bed(int nodes, String slices) throws Exception {
    folder = Files.createTempDirectory("lmf");
    api = add(EmbeddedApiServer.start(ApiServerOptions.defaults().withSeed(1).withFaults(weather)));
    kubeconfig = api.writeKubeconfig(folder.resolve("kubeconfig"));
    kube = add(KubeClient.of(api.uri(), "test"));
    add(DeploymentController.start(api.uri(), Clock.systemUTC()));
    Path layout = folder.resolve("nodes.yaml");
    Files.writeString(
        layout,
        "nodes:\n"
            + String.join(
                "",
                IntStream.range(0, nodes)
                    .mapToObj(
                        i ->
                            "- {name: n%d, gpus: [{model: A100-SXM4-40GB, slices: [%s]}]}\n"
                                .formatted(i, slices))
                    .toList()));
    for (int i = 0; i < nodes; i++) {
      node("n" + i, layout);
    }
    await("nodes serve", () -> gpuNodes().path("items"), nodes);
  }

  private void node(String name, Path layout) throws Exception {
    Path dir = Files.createDirectories(folder.resolve(name));
    KubeletOptions options =
        KubeletOptions.embedded()
            .withNodeStatusPeriod(Duration.ofMillis(200))
            .withStopLimit(STOP_LIMIT);
    add(Kubelet.start(api.uri(), name, dir, options));
    add(
        DevicePlugin.start(
            "--node-name",
            name,
            "--kubelet-dir",
            dir.toString(),
            "--nvml",
            "simulated:" + layout,
            "--kubeconfig",
            kubeconfig.toString(),
            "--metrics-address",
            "127.0.0.1:0"));
  }

  private void await(String what, Callable<JsonNode> items, int count) {
    Await.until(
        () -> what + ": " + items.call(),
        () ->
            StreamSupport.stream(items.call().spliterator(), false)
                    .filter(n -> n.at("/status/serving").asBoolean())
                    .count()
                == count);
  }

  /** Starts the one extender, with more flags, and a scheduler that calls it. */
  Bed withExtender(String... more) throws IOException {
    extender = add(extender(more));
    Await.until(() -> "extender not ready", extender::ready);
    scheduler(extender.uri());
    return this;
  }

  /** Starts an extender that nobody calls yet; the caller closes it. */
  SchedulerExtender extender(String... more) {
    List<String> flags = new ArrayList<>();
    flags.addAll(List.of("--kubeconfig", kubeconfig.toString(), "--listen", "127.0.0.1:0"));
    flags.addAll(List.of(more));
    return SchedulerExtender.start(flags.toArray(String[]::new));
  }

  /** Starts the scheduler. */
  void scheduler(URI service) {
    SchedulerOptions options =
        SchedulerOptions.defaults()
            .withBackoff(Duration.ofMillis(300), Duration.ofSeconds(1))
            .withExtender(
                ExtenderOptions.of(service, name -> ResourceName.parse(name).isPresent())
                    .withWeight(100));
    add(SchedulerLoop.start(api.uri(), options));
  }

  /** A configuration file of the extender. */
  String config(String yaml) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "config", ".yaml"), yaml).toString();
  }

  SchedulerExtender extender() {
    return extender;
  }

  <T extends AutoCloseable> T add(T opened) {
    open.push(opened);
    return opened;
  }

  /** Creates objects of the kinds that tests need. */
  void apply(String yaml) throws Exception {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      while (documents.hasNextValue()) {
        JsonNode object = documents.nextValue();
        String namespace = object.at("/metadata/namespace").asText("default");
        send("POST", PATHS.get(object.path("kind").asText()).formatted(namespace), object);
      }
    }
  }

  /** A pod that asks for so many of a resource. */
  void pod(String namespace, String name, String resource, int count) throws Exception {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: %s, name: %s, labels: {app: test}}
        spec: {containers: [{name: c, image: i, resources: {limits: {%s: %d}}}]}
        """
            .formatted(namespace, name, resource, count));
  }

  void namespace(String name) throws Exception {
    apply("{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(name));
  }

  /** A tenant of the namespace that is named as it. */
  void tenant(String name, String tenantClass, int priority, String quota) throws Exception {
    apply(
        """
        apiVersion: lamella.dev/v1alpha1
        kind: Tenant
        metadata: {name: %s}
        spec: {namespaces: [%s], class: %s, priority: %d, quota: %s}
        """
            .formatted(name, name, tenantClass, priority, quota));
  }

  JsonNode get(String path) throws Exception {
    return send("GET", path, null);
  }

  /** What events say about a namespace's pods. */
  List<String> events(String namespace) throws Exception {
    List<String> events = new ArrayList<>();
    for (JsonNode event : get("/api/v1/namespaces/" + namespace + "/events").path("items")) {
      events.add(
          "%s %s: %s"
              .formatted(
                  event.at("/involvedObject/name").asText(),
                  event.path("reason").asText(),
                  event.path("message").asText()));
    }
    return events;
  }

  void remove(String path) throws Exception {
    send("DELETE", path, null);
  }

  void bindByHand(String namespace, String pod, String node) throws Exception {
    send(
        "POST",
        "/api/v1/namespaces/%s/pods/%s/binding".formatted(namespace, pod),
        YAML.readTree(
            "{apiVersion: v1, kind: Binding, metadata: {name: %s}, target: {kind: Node, name: %s}}"
                .formatted(pod, node)));
  }

  void patch(String path, String yaml) throws Exception {
    send("PATCH", path, YAML.readTree(yaml));
  }

  void delete(String namespace, String pod) throws Exception {
    send("DELETE", "/api/v1/namespaces/" + namespace + "/pods/" + pod, null);
  }

  private JsonNode send(String method, String path, JsonNode body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(api.uri().resolve(path))
            .header(
                "Content-Type",
                method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(method + " " + path + ": " + answer.body());
    }
    return YAML.readTree(answer.body());
  }

  JsonNode gpuNodes() throws Exception {
    return get("/apis/lamella.dev/v1alpha1/gpunodes");
  }

  /** All but those of the system. */
  List<Pods.Pod> pods() throws Exception {
    return Pods.read(get("/api/v1/pods")).stream()
        .filter(pod -> !pod.namespace().equals("kube-system"))
        .toList();
  }

  Optional<Pods.Pod> pod(String name) throws Exception {
    return pods().stream().filter(pod -> pod.name().equals(name)).findFirst();
  }

  void awaitRunning(String... names) {
    Await.until(
        () -> "running " + List.of(names) + ": " + pods(),
        () -> {
          List<Pods.Pod> pods = pods();
          return List.of(names).stream()
              .allMatch(n -> pods.stream().anyMatch(p -> p.name().equals(n) && p.running()));
        });
  }

  /** Every pod runs, or waits and is told why; none has failed or hangs in between. */
  void awaitSettled() {
    Await.until(() -> "settled: " + pods(), () -> pods().stream().allMatch(Pods.Pod::settled));
  }

  /** The same of these alone. */
  void awaitSettled(String... names) {
    List<String> these = List.of(names);
    Await.until(
        () -> "settled " + these + ": " + pods(),
        () ->
            pods().stream().filter(pod -> these.contains(pod.name())).allMatch(Pods.Pod::settled));
  }

  /** The extender's ledger and one built from nothing say the same. */
  void awaitLedgerEqualsCluster(SchedulerExtender one) throws Exception {
    try (KubeApi fresh = KubeApi.open(Optional.of(kubeconfig), "fresh");
        LedgerOwner owner = new LedgerOwner();
        ClusterWatch watch =
            ClusterWatch.start(fresh, owner::accept, new Disruptions(), new TenantFaults())) {
      Await.until(() -> "fresh ledger not built", watch::synced);
      Await.until(
          () -> "ledger\n" + one.snapshot() + "\nrebuilt\n" + owner.snapshot(),
          () -> {
            Snapshot rebuilt = owner.snapshot();
            return !rebuilt.nodes().isEmpty() && one.snapshot().equals(rebuilt);
          });
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable next = open.pop();
      try {
        next.close();
      } catch (Exception e) {
        throw new IllegalStateException(next + " did not close", e);
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
