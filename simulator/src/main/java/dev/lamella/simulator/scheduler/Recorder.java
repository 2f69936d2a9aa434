package dev.lamella.simulator.scheduler;

import dev.lamella.simulator.kube.KubeClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.CoreV1Event;
import io.kubernetes.client.openapi.models.V1EventSource;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1ObjectReference;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the pod's owner what became of it: the condition PodScheduled, and events. */
final class Recorder {

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final int CONFLICT = 409;

  private final KubeClient kube;
  private final String component;
  private final Clock clock;

  Recorder(KubeClient kube, String component, Clock clock) {
    this.kube = kube;
    this.component = component;
    this.clock = clock;
  }

  void scheduled(V1Pod pod, String node) {
    String name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    event(pod, "Normal", "Scheduled", "Successfully assigned " + name + " to " + node);
  }

  /**
   * An attempt did not succeed.
   *
   * @param reason Unschedulable or SchedulerError
   */
  void failed(V1Pod pod, String reason, String message) {
    try {
      if (pod.getStatus() == null || !says(pod.getStatus().getConditions(), reason, message)) {
        kube.updatePodStatus(pod, p -> condition(p, reason, message));
      }
    } catch (ApiException e) {
      LOG.warn("condition of pod {} not written: {}", pod.getMetadata().getName(), e.getMessage());
    }
    event(pod, "Warning", "FailedScheduling", message);
  }

  private static boolean says(List<V1PodCondition> conditions, String reason, String message) {
    return conditions != null
        && conditions.stream()
            .anyMatch(
                c ->
                    c.getType().equals("PodScheduled")
                        && "False".equals(c.getStatus())
                        && reason.equals(c.getReason())
                        && message.equals(c.getMessage()));
  }

  private void condition(V1Pod pod, String reason, String message) {
    if (Pods.bound(pod)) {
      return;
    }
    List<V1PodCondition> conditions = new ArrayList<>();
    if (pod.getStatus().getConditions() != null) {
      conditions.addAll(pod.getStatus().getConditions());
    }
    conditions.removeIf(c -> c.getType().equals("PodScheduled"));
    conditions.add(
        new V1PodCondition()
            .type("PodScheduled")
            .status("False")
            .reason(reason)
            .message(message)
            .lastTransitionTime(now()));
    pod.getStatus().setConditions(conditions);
  }

  private OffsetDateTime now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC);
  }

  /** Makes an event, or counts one of the same words up. */
  private void event(V1Pod pod, String type, String reason, String message) {
    String namespace = pod.getMetadata().getNamespace();
    String words = pod.getMetadata().getUid() + reason + message;
    String hash = UUID.nameUUIDFromBytes(words.getBytes(StandardCharsets.UTF_8)).toString();
    String name = pod.getMetadata().getName() + "." + hash.replace("-", "").substring(0, 16);
    try {
      kube.core()
          .createNamespacedEvent(namespace, make(pod, name, type, reason, message))
          .execute();
    } catch (ApiException e) {
      if (e.getCode() == CONFLICT) {
        count(namespace, name);
      } else {
        LOG.warn("event {} not written: {}", name, e.getMessage());
      }
    }
  }

  private void count(String namespace, String name) {
    try {
      CoreV1Event event = kube.core().readNamespacedEvent(name, namespace).execute();
      event.setCount(event.getCount() + 1);
      event.setLastTimestamp(now());
      kube.core().replaceNamespacedEvent(name, namespace, event).execute();
    } catch (ApiException e) {
      LOG.warn("event {} not counted: {}", name, e.getMessage());
    }
  }

  private CoreV1Event make(V1Pod pod, String name, String type, String reason, String message) {
    return new CoreV1Event()
        .apiVersion("v1")
        .kind("Event")
        .metadata(new V1ObjectMeta().name(name).namespace(pod.getMetadata().getNamespace()))
        .involvedObject(
            new V1ObjectReference()
                .apiVersion("v1")
                .kind("Pod")
                .namespace(pod.getMetadata().getNamespace())
                .name(pod.getMetadata().getName())
                .uid(pod.getMetadata().getUid()))
        .source(new V1EventSource().component(component))
        .reportingComponent(component)
        .type(type)
        .reason(reason)
        .message(message)
        .firstTimestamp(now())
        .lastTimestamp(now())
        .count(1);
  }
}
