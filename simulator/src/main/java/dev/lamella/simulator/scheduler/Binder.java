package dev.lamella.simulator.scheduler;

import dev.lamella.simulator.kube.KubeClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Binding;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1ObjectReference;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.Optional;

/** Binds a pod: the extender does, if it is interested in the pod, else the API server is asked. */
final class Binder {

  private final KubeClient kube;
  private final Optional<ExtenderClient> extender;

  Binder(KubeClient kube, Optional<ExtenderClient> extender) {
    this.kube = kube;
    this.extender = extender;
  }

  /**
   * Binds.
   *
   * @return why it failed; empty if the pod is bound
   */
  Optional<String> bind(V1Pod pod, String node) {
    try {
      Optional<ExtenderClient> asked = extender.filter(e -> e.interested(pod));
      if (asked.isPresent()) {
        asked.get().bind(pod, node);
      } else {
        bindHere(pod, node);
      }
      return Optional.empty();
    } catch (ExtenderException | ApiException e) {
      return Optional.of("binding rejected: " + e.getMessage());
    }
  }

  private void bindHere(V1Pod pod, String node) throws ApiException {
    String name = pod.getMetadata().getName();
    String namespace = pod.getMetadata().getNamespace();
    V1Binding binding =
        new V1Binding()
            .apiVersion("v1")
            .kind("Binding")
            .metadata(
                new V1ObjectMeta().name(name).namespace(namespace).uid(pod.getMetadata().getUid()))
            .target(new V1ObjectReference().apiVersion("v1").kind("Node").name(node));
    int code =
        KubeClient.send(
            kube.core().createNamespacedPodBinding(name, namespace, binding).buildCall(null));
    if (code >= 300) {
      throw new ApiException(code, "the API server answered " + code);
    }
  }
}
