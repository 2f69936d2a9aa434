package dev.lamella.simulator.controller;

import io.kubernetes.client.openapi.models.V1DeploymentStatus;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobStatus;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import io.kubernetes.client.openapi.models.V1ReplicaSetStatus;

/** One write that a round decided on. */
sealed interface Action {

  /** A new ReplicaSet, complete. */
  record CreateReplicaSet(V1ReplicaSet set) implements Action {}

  /**
   * Another number of replicas.
   *
   * @param set as it was read
   */
  record ScaleReplicaSet(V1ReplicaSet set, int replicas) implements Action {}

  /** A ReplicaSet's status. */
  record ReportReplicaSet(V1ReplicaSet set, V1ReplicaSetStatus status) implements Action {}

  /** A Deployment's status. */
  record ReportDeployment(String namespace, String name, V1DeploymentStatus status)
      implements Action {}

  /** A Job's status. */
  record ReportJob(V1Job job, V1JobStatus status) implements Action {}

  /** A new pod, complete but for its generated name. */
  record CreatePod(V1Pod pod) implements Action {}

  /** One replica too many. */
  record DeletePod(V1Pod pod) implements Action {}
}
