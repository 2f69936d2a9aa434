package dev.lamella.simulator.kubelet;

import dev.lamella.simulator.apiserver.EmbeddedApiServer;
import dev.lamella.simulator.kube.Await;
import dev.lamella.simulator.kube.KubeClient;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The embedded kubelet on an embedded API server; pods are made bound. */
final class EmbeddedKubeletSubject implements KubeletSubject {

  static final String NODE = "gpu-a";
  static final String NAMESPACE = "default";

  final EmbeddedApiServer api = EmbeddedApiServer.start(0);
  final KubeClient client = KubeClient.of(api.uri(), "test");
  final Kubelet kubelet;
  private final Path directory;

  EmbeddedKubeletSubject(Path directory) throws Exception {
    this.directory = directory;
    KubeletOptions options =
        KubeletOptions.embedded()
            .withNodeStatusPeriod(Duration.ofMillis(50))
            .withStopLimit(Duration.ofMillis(100))
            .withDialTimeout(Duration.ofSeconds(1));
    kubelet = Kubelet.start(api.uri(), NODE, directory, options);
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public void put(String name, String resource, String... containers) throws ApiException {
    create(pod(name, resource, containers));
  }

  V1Pod create(V1Pod pod) throws ApiException {
    return client.core().createNamespacedPod(NAMESPACE, pod).execute();
  }

  static V1Pod pod(String name, String resource, String... containers) {
    List<V1Container> inits = new ArrayList<>();
    List<V1Container> mains = new ArrayList<>();
    for (int i = 0; i < containers.length; i++) {
      String[] parts = containers[i].split(":");
      V1Container container =
          new V1Container()
              .name("c" + i)
              .image("none")
              .resources(
                  new V1ResourceRequirements().limits(Map.of(resource, new Quantity(parts[1]))));
      if (parts[0].equals("sidecar")) {
        container.setRestartPolicy("Always");
      }
      (parts[0].equals("main") ? mains : inits).add(container);
    }
    return new V1Pod()
        .apiVersion("v1")
        .kind("Pod")
        .metadata(new V1ObjectMeta().name(name))
        .spec(
            new V1PodSpec()
                .nodeName(NODE)
                .initContainers(inits.isEmpty() ? null : inits)
                .containers(mains));
  }

  V1Pod read(String name) throws ApiException {
    return client.core().readNamespacedPod(name, NAMESPACE).execute();
  }

  String phase(String name) throws ApiException {
    return read(name).getStatus().getPhase();
  }

  @Override
  public Outcome outcome(String name) throws ApiException {
    Await.until(() -> "pod " + name + " is " + phase(name), () -> !phase(name).equals("Pending"));
    V1Pod pod = read(name);
    if (pod.getStatus().getPhase().equals("Failed")) {
      return new Outcome(
          pod.getStatus().getReason() + ": " + pod.getStatus().getMessage(), Map.of());
    }
    Map<String, List<String>> devices = new TreeMap<>();
    List<V1Container> all = new ArrayList<>(pod.getSpec().getContainers());
    all.addAll(PodReading.initContainers(pod));
    for (V1Container container : all) {
      kubelet
          .settings(PodReading.uid(pod), container.getName())
          .map(s -> s.envs().get("DEVICES"))
          .ifPresent(ids -> devices.put(container.getName(), Arrays.asList(ids.split(","))));
    }
    return new Outcome("", devices);
  }

  @Override
  public void end(String name) throws ApiException {
    KubeClient.send(client.core().deleteNamespacedPod(name, NAMESPACE).buildCall(null));
    Await.until(() -> name + " is still there", () -> gone(name));
  }

  boolean gone(String name) throws ApiException {
    try {
      read(name);
      return false;
    } catch (ApiException e) {
      if (e.getCode() == 404) {
        return true;
      }
      throw e;
    }
  }

  V1Node node() throws ApiException {
    return client.core().readNode(NODE).execute();
  }

  @Override
  public String counts(String resource) throws ApiException {
    V1Node node = node();
    Quantity capacity = node.getStatus().getCapacity().get(resource);
    Quantity allocatable = node.getStatus().getAllocatable().get(resource);
    return capacity == null
        ? "none"
        : capacity.toSuffixedString() + "/" + allocatable.toSuffixedString();
  }

  @Override
  public void restart() throws Exception {
    kubelet.restart();
  }

  @Override
  public void close() {
    kubelet.close();
    client.close();
    api.close();
  }
}
