package dev.lamella.simulator.kubelet;

import dev.lamella.simulator.kube.PodRequests;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the kubelet reads from a Pod. */
final class PodReading {

  /** How long the containers run, in seconds; only for pods that are not always restarted. */
  static final String RUN_SECONDS = "simulator.lamella.dev/run-seconds";

  /** What the containers exit with: 0 unless said, or 143 (SIGTERM) when they are stopped. */
  static final String EXIT_CODE = "simulator.lamella.dev/exit-code";

  /** How long the containers take to stop, in seconds, whatever the kubelet's limit. */
  static final String STOP_SECONDS = "simulator.lamella.dev/stop-seconds";

  /** The order in which a batch is admitted: age, to the second, then names. */
  static final Comparator<V1Pod> BY_AGE =
      Comparator.<V1Pod, OffsetDateTime>comparing(p -> p.getMetadata().getCreationTimestamp())
          .thenComparing(p -> p.getMetadata().getNamespace())
          .thenComparing(p -> p.getMetadata().getName());

  private static final long DEFAULT_GRACE = 30;
  private static final int TERMINATED = 143;

  private PodReading() {}

  static String uid(V1Pod pod) {
    return pod.getMetadata().getUid();
  }

  static String name(V1Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }

  static boolean deleted(V1Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  static boolean terminal(V1Pod pod) {
    return phase(pod).equals("Succeeded") || phase(pod).equals("Failed");
  }

  static boolean running(V1Pod pod) {
    return phase(pod).equals("Running");
  }

  private static String phase(V1Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getPhase() == null
        ? ""
        : pod.getStatus().getPhase();
  }

  static PodNeed need(V1Pod pod) {
    List<ContainerNeed> needs = new ArrayList<>();
    for (V1Container init : initContainers(pod)) {
      needs.add(
          need(
              init,
              PodRequests.isSidecar(init) ? ContainerNeed.Kind.SIDECAR : ContainerNeed.Kind.INIT));
    }
    for (V1Container container : pod.getSpec().getContainers()) {
      needs.add(need(container, ContainerNeed.Kind.MAIN));
    }
    return new PodNeed(uid(pod), running(pod), needs);
  }

  private static ContainerNeed need(V1Container container, ContainerNeed.Kind kind) {
    Map<String, Integer> limits = new TreeMap<>();
    if (container.getResources() != null && container.getResources().getLimits() != null) {
      container
          .getResources()
          .getLimits()
          .forEach(
              (resource, amount) -> {
                if (resource.contains("/")) {
                  limits.put(resource, amount.getNumber().intValue());
                }
              });
    }
    return new ContainerNeed(container.getName(), kind, limits);
  }

  /** The pod as pod-resources shows it: without ordinary init containers. */
  static PodResourcesService.ActivePod active(V1Pod pod) {
    List<String> containers =
        need(pod).containers().stream()
            .filter(c -> c.kind() != ContainerNeed.Kind.INIT)
            .map(ContainerNeed::name)
            .toList();
    return new PodResourcesService.ActivePod(
        uid(pod), pod.getMetadata().getNamespace(), pod.getMetadata().getName(), containers);
  }

  static List<V1Container> initContainers(V1Pod pod) {
    List<V1Container> containers = pod.getSpec().getInitContainers();
    return containers == null ? List.of() : containers;
  }

  /**
   * When the containers end by themselves. A pod that is restarted after its end (restartPolicy
   * Always, or OnFailure and a code that is not 0) is taken never to end.
   */
  static Optional<Duration> runTime(V1Pod pod) {
    String policy = pod.getSpec().getRestartPolicy();
    boolean ends = "Never".equals(policy) || ("OnFailure".equals(policy) && exitCode(pod) == 0);
    return ends ? seconds(pod, RUN_SECONDS) : Optional.empty();
  }

  /** How long the containers take to stop. */
  static Duration stopTime(V1Pod pod, Duration limit) {
    Long given = pod.getMetadata().getDeletionGracePeriodSeconds();
    Duration grace = Duration.ofSeconds(given == null ? DEFAULT_GRACE : given);
    return seconds(pod, STOP_SECONDS).orElse(grace.compareTo(limit) < 0 ? grace : limit);
  }

  static int exitCode(V1Pod pod) {
    return number(pod, EXIT_CODE).orElse(0.0).intValue();
  }

  static int exitCodeWhenStopped(V1Pod pod) {
    return number(pod, EXIT_CODE).orElse((double) TERMINATED).intValue();
  }

  private static Optional<Duration> seconds(V1Pod pod, String annotation) {
    return number(pod, annotation).map(s -> Duration.ofMillis(Math.round(s * 1000)));
  }

  private static Optional<Double> number(V1Pod pod, String annotation) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    if (annotations == null || !annotations.containsKey(annotation)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Double.valueOf(annotations.get(annotation)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          annotation + " is \"" + annotations.get(annotation) + "\", expected a number", e);
    }
  }
}
