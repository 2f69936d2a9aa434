package dev.lamella.simulator.controller;

import static dev.lamella.simulator.controller.Workloads.count;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import io.kubernetes.client.openapi.models.V1ReplicaSetStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which pods a ReplicaSet makes or gives up. Ended pods are no replicas and are left alone. */
final class Replication {

  /** Who goes first: not bound, not running, not ready, youngest. As upstream ranks them. */
  private static final Comparator<V1Pod> EXPENDABLE =
      Comparator.comparing((V1Pod pod) -> pod.getSpec().getNodeName() != null)
          .thenComparing(pod -> "Running".equals(pod.getStatus().getPhase()))
          .thenComparing(Workloads::ready)
          .thenComparing(pod -> pod.getMetadata().getCreationTimestamp(), Comparator.reverseOrder())
          .thenComparing(pod -> pod.getMetadata().getName());

  private Replication() {}

  static List<Action> decide(V1ReplicaSet set, Workloads workloads, Instant now) {
    if (Workloads.deleting(set)) {
      return List.of();
    }
    List<V1Pod> pods = workloads.of(set);
    List<V1Pod> active = pods.stream().filter(Workloads::active).toList();
    List<Action> actions = new ArrayList<>();
    int missing = count(set.getSpec().getReplicas()) - active.size();
    if (missing > 0 && !now.isBefore(Restraint.notBefore(pods))) {
      for (int i = 0; i < missing; i++) {
        actions.add(new Action.CreatePod(newPod(set)));
      }
    }
    active.stream()
        .sorted(EXPENDABLE)
        .limit(Math.max(0, -missing))
        .forEach(pod -> actions.add(new Action.DeletePod(pod)));
    V1ReplicaSetStatus status = status(set, active);
    if (!status.equals(set.getStatus())) {
      actions.add(new Action.ReportReplicaSet(set, status));
    }
    return actions;
  }

  private static V1Pod newPod(V1ReplicaSet set) {
    V1PodTemplateSpec template = set.getSpec().getTemplate();
    V1ObjectMeta meta =
        new V1ObjectMeta()
            .namespace(set.getMetadata().getNamespace())
            .generateName(set.getMetadata().getName() + "-")
            .labels(template.getMetadata().getLabels())
            .annotations(template.getMetadata().getAnnotations())
            .addOwnerReferencesItem(
                new V1OwnerReference()
                    .apiVersion("apps/v1")
                    .kind("ReplicaSet")
                    .name(set.getMetadata().getName())
                    .uid(set.getMetadata().getUid())
                    .controller(true)
                    .blockOwnerDeletion(true));
    return new V1Pod().metadata(meta).spec(template.getSpec());
  }

  private static V1ReplicaSetStatus status(V1ReplicaSet set, List<V1Pod> active) {
    int ready = (int) active.stream().filter(Workloads::ready).count();
    return new V1ReplicaSetStatus()
        .observedGeneration(set.getMetadata().getGeneration())
        .replicas(active.size())
        .fullyLabeledReplicas(active.size())
        .readyReplicas(ready)
        .availableReplicas(ready);
  }
}
