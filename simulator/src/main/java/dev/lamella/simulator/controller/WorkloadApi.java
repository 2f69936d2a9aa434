package dev.lamella.simulator.controller;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.BatchV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1DeleteOptions;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1DeploymentList;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobList;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import io.kubernetes.client.openapi.models.V1Preconditions;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import io.kubernetes.client.openapi.models.V1ReplicaSetList;
import io.kubernetes.client.util.CallGenerator;

/** Reads and writes the workloads through the API server. */
final class WorkloadApi {

  private final AppsV1Api apps;
  private final BatchV1Api batch;
  private final CoreV1Api core;

  WorkloadApi(ApiClient client) {
    apps = new AppsV1Api(client);
    batch = new BatchV1Api(client);
    core = new CoreV1Api(client);
  }

  /** Everything as it is now. Pods are read last: none of theirs is missing among the owners. */
  Workloads read() throws ApiException {
    V1DeploymentList deployments = apps.listDeploymentForAllNamespaces().execute();
    V1ReplicaSetList sets = apps.listReplicaSetForAllNamespaces().execute();
    V1JobList jobs = batch.listJobForAllNamespaces().execute();
    V1PodList pods = core.listPodForAllNamespaces().execute();
    return new Workloads(deployments.getItems(), sets.getItems(), jobs.getItems(), pods.getItems());
  }

  /** Calls back, on the informers' threads, whenever a workload has changed. */
  void onChange(SharedInformerFactory informers, Runnable changed) {
    CallGenerator deployments =
        params ->
            apps.listDeploymentForAllNamespaces()
                .resourceVersion(params.resourceVersion)
                .timeoutSeconds(params.timeoutSeconds)
                .watch(params.watch)
                .buildCall(null);
    CallGenerator sets =
        params ->
            apps.listReplicaSetForAllNamespaces()
                .resourceVersion(params.resourceVersion)
                .timeoutSeconds(params.timeoutSeconds)
                .watch(params.watch)
                .buildCall(null);
    CallGenerator jobs =
        params ->
            batch
                .listJobForAllNamespaces()
                .resourceVersion(params.resourceVersion)
                .timeoutSeconds(params.timeoutSeconds)
                .watch(params.watch)
                .buildCall(null);
    CallGenerator pods =
        params ->
            core.listPodForAllNamespaces()
                .resourceVersion(params.resourceVersion)
                .timeoutSeconds(params.timeoutSeconds)
                .watch(params.watch)
                .buildCall(null);
    informers
        .sharedIndexInformerFor(deployments, V1Deployment.class, V1DeploymentList.class)
        .addEventHandler(new Changed<>(changed));
    informers
        .sharedIndexInformerFor(sets, V1ReplicaSet.class, V1ReplicaSetList.class)
        .addEventHandler(new Changed<>(changed));
    informers
        .sharedIndexInformerFor(jobs, V1Job.class, V1JobList.class)
        .addEventHandler(new Changed<>(changed));
    informers
        .sharedIndexInformerFor(pods, V1Pod.class, V1PodList.class)
        .addEventHandler(new Changed<>(changed));
  }

  private record Changed<T extends KubernetesObject>(Runnable run)
      implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T object) {
      run.run();
    }

    @Override
    public void onUpdate(T before, T after) {
      run.run();
    }

    @Override
    public void onDelete(T object, boolean stateUnknown) {
      run.run();
    }
  }

  void apply(Action action) throws ApiException {
    if (action instanceof Action.CreateReplicaSet create) {
      V1ReplicaSet set = create.set();
      apps.createNamespacedReplicaSet(set.getMetadata().getNamespace(), set).execute();
    } else if (action instanceof Action.ScaleReplicaSet scale) {
      V1ReplicaSet set = scale.set();
      set.getSpec().setReplicas(scale.replicas());
      apps.replaceNamespacedReplicaSet(
              set.getMetadata().getName(), set.getMetadata().getNamespace(), set)
          .execute();
    } else if (action instanceof Action.CreatePod create) {
      V1Pod pod = create.pod();
      core.createNamespacedPod(pod.getMetadata().getNamespace(), pod).execute();
    } else if (action instanceof Action.DeletePod delete) {
      V1Pod pod = delete.pod();
      V1Preconditions same = new V1Preconditions().uid(pod.getMetadata().getUid());
      core.deleteNamespacedPod(pod.getMetadata().getName(), pod.getMetadata().getNamespace())
          .body(new V1DeleteOptions().preconditions(same))
          .execute();
    } else {
      report(action);
    }
  }

  /** Writes a status over whatever version the object has now: only this writes it. */
  private void report(Action action) throws ApiException {
    if (action instanceof Action.ReportReplicaSet report) {
      String namespace = report.set().getMetadata().getNamespace();
      String name = report.set().getMetadata().getName();
      V1ReplicaSet now = apps.readNamespacedReplicaSet(name, namespace).execute();
      apps.replaceNamespacedReplicaSetStatus(name, namespace, now.status(report.status()))
          .execute();
    } else if (action instanceof Action.ReportDeployment report) {
      V1Deployment now = apps.readNamespacedDeployment(report.name(), report.namespace()).execute();
      apps.replaceNamespacedDeploymentStatus(
              report.name(), report.namespace(), now.status(report.status()))
          .execute();
    } else if (action instanceof Action.ReportJob report) {
      String namespace = report.job().getMetadata().getNamespace();
      String name = report.job().getMetadata().getName();
      V1Job now = batch.readNamespacedJob(name, namespace).execute();
      batch.replaceNamespacedJobStatus(name, namespace, now.status(report.status())).execute();
    }
  }
}
