package dev.lamella.simulator.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.simulator.apiserver.EmbeddedApiServer;
import dev.lamella.simulator.kube.Await;
import dev.lamella.simulator.kube.KubeClient;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.CoreV1Event;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeCondition;
import io.kubernetes.client.openapi.models.V1NodeSpec;
import io.kubernetes.client.openapi.models.V1NodeStatus;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import io.kubernetes.client.openapi.models.V1Taint;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** An embedded API server with nodes that nobody runs, and pods as a test wants them. */
final class TestCluster implements AutoCloseable {

  private static final String NAMESPACE = "default";

  final EmbeddedApiServer api = EmbeddedApiServer.start(0);
  private final KubeClient client = KubeClient.of(api.uri(), "test");

  void node(String name) throws ApiException {
    Map<String, Quantity> size =
        Map.of(
            "cpu", new Quantity("8"),
            "memory", new Quantity("32Gi"),
            "pods", new Quantity("110"));
    V1NodeStatus status =
        new V1NodeStatus()
            .capacity(size)
            .allocatable(size)
            .conditions(List.of(new V1NodeCondition().type("Ready").status("True")));
    client
        .core()
        .createNode(
            new V1Node()
                .apiVersion("v1")
                .kind("Node")
                .metadata(
                    new V1ObjectMeta().name(name).labels(Map.of("kubernetes.io/hostname", name)))
                .status(status))
        .execute();
  }

  private void change(String node, Consumer<V1Node> change) throws ApiException {
    V1Node current = client.core().readNode(node).execute();
    if (current.getSpec() == null) {
      current.setSpec(new V1NodeSpec());
    }
    change.accept(current);
    client.core().replaceNode(node, current).execute();
  }

  void cordon(String node) throws ApiException {
    change(node, n -> n.getSpec().setUnschedulable(true));
  }

  void taint(String node, String key, String effect) throws ApiException {
    change(node, n -> n.getSpec().setTaints(List.of(new V1Taint().key(key).effect(effect))));
  }

  void annotate(String node, String key, String value) throws ApiException {
    change(node, n -> n.getMetadata().setAnnotations(Map.of(key, value)));
  }

  void heartbeat(String node) throws ApiException {
    client.updateNodeStatus(
        node,
        n ->
            new V1NodeStatus()
                .capacity(n.getStatus().getCapacity())
                .allocatable(n.getStatus().getAllocatable())
                .conditions(
                    List.of(
                        new V1NodeCondition()
                            .type("Ready")
                            .status("True")
                            .lastHeartbeatTime(OffsetDateTime.parse("2026-11-01T00:00:00Z")))));
  }

  static V1Pod wants(String name, String resource, String amount) {
    return new V1Pod()
        .apiVersion("v1")
        .kind("Pod")
        .metadata(new V1ObjectMeta().name(name))
        .spec(
            new V1PodSpec()
                .containers(
                    List.of(
                        new V1Container()
                            .name("main")
                            .image("none")
                            .resources(
                                new V1ResourceRequirements()
                                    .limits(Map.of(resource, new Quantity(amount)))))));
  }

  void create(V1Pod pod) throws ApiException {
    client.core().createNamespacedPod(NAMESPACE, pod).execute();
  }

  V1Pod pod(String name) throws ApiException {
    return client.core().readNamespacedPod(name, NAMESPACE).execute();
  }

  void succeed(String name) throws ApiException {
    client.updatePodStatus(pod(name), p -> p.getStatus().setPhase("Succeeded"));
  }

  void awaitBound(String name, String node) {
    Await.until(
        () -> name + " is on " + pod(name).getSpec().getNodeName() + ": " + condition(name),
        () -> node.equals(pod(name).getSpec().getNodeName()));
  }

  /** Reason and message of PodScheduled. */
  String condition(String name) throws ApiException {
    V1Pod pod = pod(name);
    return pod.getStatus().getConditions() == null
        ? ""
        : pod.getStatus().getConditions().stream()
            .filter(c -> c.getType().equals("PodScheduled"))
            .map(c -> c.getReason() + ": " + c.getMessage())
            .findFirst()
            .orElse("");
  }

  List<CoreV1Event> events(String pod) throws ApiException {
    return client.core().listNamespacedEvent(NAMESPACE).execute().getItems().stream()
        .filter(e -> pod.equals(e.getInvolvedObject().getName()))
        .toList();
  }

  /** Does what an extender's bind does. */
  String bindAsAsked(JsonNode args) {
    try {
      V1Pod pod = pod(args.get("PodName").asText());
      return new Binder(client, java.util.Optional.empty())
          .bind(pod, args.get("Node").asText())
          .map(e -> "{\"Error\":\"" + e + "\"}")
          .orElse("{\"Error\":\"\"}");
    } catch (ApiException e) {
      return "500 " + e.getMessage();
    }
  }

  @Override
  public void close() {
    client.close();
    api.close();
  }
}
