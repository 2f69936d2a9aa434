package dev.lamella.simulator.controller;

import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobCondition;
import io.kubernetes.client.openapi.models.V1JobStatus;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which pods a Job makes: as many at a time as its parallelism, until enough have succeeded or too
 * many have failed. Indexed Jobs, deadlines and failure policies are not known.
 */
final class JobRun {

  private static final String JOB_NAME = "batch.kubernetes.io/job-name";
  private static final int BACKOFF_LIMIT = 6;

  private final V1Job job;
  private final List<V1Pod> pods;
  private final Instant now;

  private JobRun(V1Job job, List<V1Pod> pods, Instant now) {
    this.job = job;
    this.pods = pods;
    this.now = now;
  }

  static List<Action> decide(V1Job job, Workloads workloads, Instant now) {
    if (ended(job) || Workloads.deleting(job)) {
      return List.of();
    }
    return new JobRun(job, workloads.of(job), now).decide();
  }

  private static boolean ended(V1Job job) {
    List<V1JobCondition> conditions =
        job.getStatus() == null ? null : job.getStatus().getConditions();
    return conditions != null && !conditions.isEmpty();
  }

  private List<Action> decide() {
    int succeeded = inPhase("Succeeded");
    int failed = inPhase("Failed");
    List<V1Pod> active = pods.stream().filter(Workloads::active).toList();
    int completions = orElse(job.getSpec().getCompletions(), 1);
    boolean complete = succeeded >= completions;
    boolean given = failed > orElse(job.getSpec().getBackoffLimit(), BACKOFF_LIMIT);
    List<Action> actions = new ArrayList<>();
    if (given) {
      active.forEach(pod -> actions.add(new Action.DeletePod(pod)));
    } else if (!complete && !now.isBefore(Restraint.notBefore(pods))) {
      int parallel = orElse(job.getSpec().getParallelism(), 1);
      int missing = Math.min(parallel, completions - succeeded) - active.size();
      for (int i = 0; i < missing; i++) {
        actions.add(new Action.CreatePod(newPod()));
      }
    }
    V1JobStatus status = status(active, succeeded, failed);
    if (complete || given) {
      status.addConditionsItem(condition(complete ? "Complete" : "Failed"));
    }
    if (!status.equals(job.getStatus())) {
      actions.add(new Action.ReportJob(job, status));
    }
    return actions;
  }

  private int inPhase(String phase) {
    return (int) pods.stream().filter(pod -> phase.equals(pod.getStatus().getPhase())).count();
  }

  private static int orElse(Integer value, int other) {
    return value == null ? other : value;
  }

  private V1JobStatus status(List<V1Pod> active, int succeeded, int failed) {
    return new V1JobStatus()
        .active(active.size())
        .ready((int) active.stream().filter(Workloads::ready).count())
        .succeeded(succeeded)
        .failed(failed);
  }

  private V1JobCondition condition(String type) {
    return new V1JobCondition()
        .type(type)
        .status("True")
        .reason(type.equals("Complete") ? "CompletionsReached" : "BackoffLimitExceeded")
        .lastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
  }

  private V1Pod newPod() {
    V1PodTemplateSpec template = job.getSpec().getTemplate();
    V1ObjectMeta own = template.getMetadata();
    Map<String, String> labels = new TreeMap<>();
    if (own != null && own.getLabels() != null) {
      labels.putAll(own.getLabels());
    }
    labels.put(JOB_NAME, job.getMetadata().getName());
    V1ObjectMeta meta =
        new V1ObjectMeta()
            .namespace(job.getMetadata().getNamespace())
            .generateName(job.getMetadata().getName() + "-")
            .labels(labels)
            .annotations(own == null ? null : own.getAnnotations())
            .addOwnerReferencesItem(
                new V1OwnerReference()
                    .apiVersion("batch/v1")
                    .kind("Job")
                    .name(job.getMetadata().getName())
                    .uid(job.getMetadata().getUid())
                    .controller(true)
                    .blockOwnerDeletion(true));
    return new V1Pod().metadata(meta).spec(template.getSpec());
  }
}
