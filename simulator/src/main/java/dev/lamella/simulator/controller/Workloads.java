package dev.lamella.simulator.controller;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import java.util.List;
import java.util.Set;

/** What a round found in the API. */
record Workloads(
    List<V1Deployment> deployments,
    List<V1ReplicaSet> replicaSets,
    List<V1Job> jobs,
    List<V1Pod> pods) {

  private static final Set<String> TERMINAL = Set.of("Succeeded", "Failed");

  /** ReplicaSets that a Deployment controls. */
  List<V1ReplicaSet> of(V1Deployment deployment) {
    return replicaSets.stream().filter(set -> controls(deployment, set)).toList();
  }

  /** Pods that a ReplicaSet controls, ended ones included. */
  List<V1Pod> of(V1ReplicaSet set) {
    return pods.stream().filter(pod -> controls(set, pod)).toList();
  }

  /** Pods that a Job controls, ended ones included. */
  List<V1Pod> of(V1Job job) {
    return pods.stream().filter(pod -> controls(job, pod)).toList();
  }

  private static boolean controls(KubernetesObject owner, KubernetesObject object) {
    List<V1OwnerReference> owners = object.getMetadata().getOwnerReferences();
    return owners != null
        && owners.stream()
            .filter(reference -> Boolean.TRUE.equals(reference.getController()))
            .anyMatch(reference -> reference.getUid().equals(owner.getMetadata().getUid()));
  }

  /** Whether a pod still counts as a replica. */
  static boolean active(V1Pod pod) {
    return !deleting(pod) && !TERMINAL.contains(pod.getStatus().getPhase());
  }

  static boolean deleting(KubernetesObject object) {
    return object.getMetadata().getDeletionTimestamp() != null;
  }

  static boolean ready(V1Pod pod) {
    List<V1PodCondition> conditions = pod.getStatus().getConditions();
    return conditions != null
        && conditions.stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /** A count that may be absent. */
  static int count(Integer value) {
    return value == null ? 0 : value;
  }
}
