package dev.lamella.simulator.scheduler;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What the scheduler reads from a Pod. */
final class Pods {

  private Pods() {}

  static String uid(V1Pod pod) {
    return pod.getMetadata().getUid();
  }

  static boolean terminal(V1Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  static boolean bound(V1Pod pod) {
    return pod.getSpec().getNodeName() != null;
  }

  static int priority(V1Pod pod) {
    return pod.getSpec().getPriority() == null ? 0 : pod.getSpec().getPriority();
  }

  /** Whether a scheduler of this name has something to do for the pod. */
  static boolean waits(V1Pod pod, String schedulerName) {
    String named = pod.getSpec().getSchedulerName();
    boolean gated =
        pod.getSpec().getSchedulingGates() != null && !pod.getSpec().getSchedulingGates().isEmpty();
    return !bound(pod)
        && !terminal(pod)
        && !gated
        && pod.getMetadata().getDeletionTimestamp() == null
        && schedulerName.equals(named == null ? "default-scheduler" : named);
  }

  /** Whether a pending pod changed in something but its status. */
  static boolean changed(V1Pod before, V1Pod after) {
    return !Objects.equals(before.getSpec(), after.getSpec())
        || !Objects.equals(before.getMetadata().getLabels(), after.getMetadata().getLabels())
        || !Objects.equals(
            before.getMetadata().getAnnotations(), after.getMetadata().getAnnotations());
  }

  /** Names in requests or limits of containers and init containers. */
  static Set<String> resources(V1Pod pod) {
    List<V1Container> containers = new ArrayList<>(pod.getSpec().getContainers());
    if (pod.getSpec().getInitContainers() != null) {
      containers.addAll(pod.getSpec().getInitContainers());
    }
    Set<String> names = new TreeSet<>();
    for (V1Container container : containers) {
      V1ResourceRequirements resources = container.getResources();
      if (resources != null && resources.getRequests() != null) {
        names.addAll(resources.getRequests().keySet());
      }
      if (resources != null && resources.getLimits() != null) {
        names.addAll(resources.getLimits().keySet());
      }
    }
    return names;
  }
}
