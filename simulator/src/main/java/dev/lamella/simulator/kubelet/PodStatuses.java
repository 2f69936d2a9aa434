package dev.lamella.simulator.kubelet;

import dev.lamella.simulator.kube.PodRequests;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerState;
import io.kubernetes.client.openapi.models.V1ContainerStateRunning;
import io.kubernetes.client.openapi.models.V1ContainerStateTerminated;
import io.kubernetes.client.openapi.models.V1ContainerStatus;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The statuses a kubelet writes; each changes the pod it is given. */
final class PodStatuses {

  private PodStatuses() {}

  /** All containers run. */
  static void running(V1Pod pod, Instant now) {
    V1PodStatus status = status(pod);
    OffsetDateTime time = time(now);
    status.phase("Running").startTime(time).hostIP("127.0.0.1");
    V1ContainerState running =
        new V1ContainerState().running(new V1ContainerStateRunning().startedAt(time));
    List<V1ContainerStatus> inits = new ArrayList<>();
    for (V1Container init : PodReading.initContainers(pod)) {
      inits.add(
          PodRequests.isSidecar(init)
              ? container(pod, init, true, running)
              : container(pod, init, true, terminated(0, time, time)));
    }
    status.setInitContainerStatuses(inits.isEmpty() ? null : inits);
    status.setContainerStatuses(
        pod.getSpec().getContainers().stream().map(c -> container(pod, c, true, running)).toList());
    for (String type : List.of("PodReadyToStartContainers", "Initialized", "ContainersReady")) {
      condition(status, type, "True", null, time);
    }
    condition(status, "Ready", "True", null, time);
  }

  /** Not admitted. */
  static void rejected(V1Pod pod, AdmissionException why, Instant now) {
    V1PodStatus status = status(pod);
    status
        .phase("Failed")
        .reason(why.reason())
        .message("Pod was rejected: " + why.getMessage())
        .startTime(time(now));
  }

  /** All containers have ended. */
  static void ended(V1Pod pod, int exitCode, Instant now) {
    V1PodStatus status = status(pod);
    OffsetDateTime time = time(now);
    OffsetDateTime started = status.getStartTime() == null ? time : status.getStartTime();
    status.setPhase(exitCode == 0 ? "Succeeded" : "Failed");
    status.setContainerStatuses(
        pod.getSpec().getContainers().stream()
            .map(c -> container(pod, c, false, terminated(exitCode, started, time)))
            .toList());
    String reason = exitCode == 0 ? "PodCompleted" : "PodFailed";
    condition(status, "ContainersReady", "False", reason, time);
    condition(status, "Ready", "False", reason, time);
  }

  private static V1PodStatus status(V1Pod pod) {
    if (pod.getStatus() == null) {
      pod.setStatus(new V1PodStatus());
    }
    return pod.getStatus();
  }

  private static OffsetDateTime time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC);
  }

  private static V1ContainerStatus container(
      V1Pod pod, V1Container container, boolean ready, V1ContainerState state) {
    return new V1ContainerStatus()
        .name(container.getName())
        .image(container.getImage() == null ? "" : container.getImage())
        .imageID("")
        .containerID("simulated://" + PodReading.uid(pod) + "/" + container.getName())
        .restartCount(0)
        .ready(ready)
        .started(ready)
        .state(state);
  }

  private static V1ContainerState terminated(int code, OffsetDateTime from, OffsetDateTime to) {
    return new V1ContainerState()
        .terminated(
            new V1ContainerStateTerminated()
                .exitCode(code)
                .reason(code == 0 ? "Completed" : "Error")
                .startedAt(from)
                .finishedAt(to));
  }

  private static void condition(
      V1PodStatus status, String type, String value, String reason, OffsetDateTime time) {
    List<V1PodCondition> conditions = new ArrayList<>();
    if (status.getConditions() != null) {
      conditions.addAll(status.getConditions());
    }
    conditions.removeIf(c -> c.getType().equals(type));
    conditions.add(
        new V1PodCondition().type(type).status(value).reason(reason).lastTransitionTime(time));
    status.setConditions(conditions);
  }
}
