package dev.lamella.simulator.controller;

import static dev.lamella.simulator.controller.Workloads.count;

import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1DeploymentStatus;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import io.kubernetes.client.openapi.models.V1ReplicaSetSpec;
import io.kubernetes.client.openapi.models.V1RollingUpdateDeployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a Deployment's ReplicaSets should be.
 *
 * <p>Goals: one ReplicaSet of the current template has all replicas, those of earlier templates
 * none.
 *
 * <p>Constraints: with the strategy RollingUpdate at most replicas + maxSurge pods, and at least
 * replicas - maxUnavailable ready ones; with Recreate no old pod beside a new one.
 *
 * <p>Algorithm: grow the current set as far as the surge allows; shrink the others, oldest first,
 * by what is ready beyond the minimum, counting their pods that are not ready as free to go.
 */
final class Rollout {

  private static final String HASH_LABEL = "pod-template-hash";
  private static final IntOrString QUARTER = new IntOrString("25%");

  /** Oldest first. */
  private static final Comparator<V1ReplicaSet> AGE =
      Comparator.comparing((V1ReplicaSet set) -> set.getMetadata().getCreationTimestamp())
          .thenComparing(set -> set.getMetadata().getName());

  private final V1Deployment deployment;
  private final Workloads workloads;
  private final List<V1ReplicaSet> sets;
  private final String hash;
  private final int replicas;

  private Rollout(V1Deployment deployment, Workloads workloads) {
    this.deployment = deployment;
    this.workloads = workloads;
    this.sets = workloads.of(deployment).stream().sorted(AGE).toList();
    this.hash = TemplateHash.of(deployment.getSpec().getTemplate());
    this.replicas = count(deployment.getSpec().getReplicas());
  }

  static List<Action> decide(V1Deployment deployment, Workloads workloads) {
    if (Workloads.deleting(deployment)) {
      return List.of();
    }
    Rollout rollout = new Rollout(deployment, workloads);
    List<Action> actions = new ArrayList<>(rollout.scale());
    rollout.report().ifPresent(actions::add);
    return actions;
  }

  private List<Action> scale() {
    Optional<V1ReplicaSet> current = sets.stream().filter(this::isCurrent).findFirst();
    List<V1ReplicaSet> old = sets.stream().filter(set -> !isCurrent(set)).toList();
    boolean recreate =
        deployment.getSpec().getStrategy() != null
            && "Recreate".equals(deployment.getSpec().getStrategy().getType());
    List<Action> actions = new ArrayList<>();
    int wanted = current.map(set -> count(set.getSpec().getReplicas())).orElse(0);
    int room = recreate ? replicasAfter(old) : replicas + surge() - wanted(old);
    int next = wanted > replicas ? replicas : Math.max(wanted, Math.min(replicas, room));
    if (current.isEmpty()) {
      actions.add(new Action.CreateReplicaSet(newSet(next)));
    } else if (next != wanted) {
      actions.add(new Action.ScaleReplicaSet(current.get(), next));
    }
    int removable =
        recreate ? Integer.MAX_VALUE : staying() - Math.max(0, replicas - unavailable());
    actions.addAll(shrink(old, removable));
    return actions;
  }

  private int replicasAfter(List<V1ReplicaSet> old) {
    return old.stream().allMatch(set -> workloads.of(set).isEmpty()) ? replicas : 0;
  }

  private List<Action> shrink(List<V1ReplicaSet> old, int removable) {
    List<Action> actions = new ArrayList<>();
    int left = Math.max(0, removable);
    for (V1ReplicaSet set : old) {
      int wanted = count(set.getSpec().getReplicas());
      int ready = staying(set);
      int removed = wanted - ready + Math.min(ready, left);
      left -= Math.min(ready, left);
      if (removed > 0) {
        actions.add(new Action.ScaleReplicaSet(set, wanted - removed));
      }
    }
    return actions;
  }

  private int surge() {
    return share(rolling().map(r -> r.getMaxSurge()).orElse(QUARTER), true);
  }

  private int unavailable() {
    int unavailable = share(rolling().map(r -> r.getMaxUnavailable()).orElse(QUARTER), false);
    return surge() == 0 && unavailable == 0 ? 1 : unavailable;
  }

  private Optional<V1RollingUpdateDeployment> rolling() {
    return Optional.ofNullable(deployment.getSpec().getStrategy())
        .map(strategy -> strategy.getRollingUpdate());
  }

  private int share(IntOrString value, boolean up) {
    if (value.isInteger()) {
      return value.getIntValue();
    }
    int percent = Integer.parseInt(value.getStrValue().replace("%", ""));
    return (percent * replicas + (up ? 99 : 0)) / 100;
  }

  private static int wanted(List<V1ReplicaSet> sets) {
    return sets.stream().mapToInt(set -> count(set.getSpec().getReplicas())).sum();
  }

  private int ready(List<V1ReplicaSet> some) {
    return (int)
        some.stream()
            .flatMap(set -> workloads.of(set).stream())
            .filter(pod -> Workloads.active(pod) && Workloads.ready(pod))
            .count();
  }

  /** Ready pods that are not about to go: a set that was shrunk may still have to delete some. */
  private int staying() {
    return sets.stream().mapToInt(this::staying).sum();
  }

  private int staying(V1ReplicaSet set) {
    return Math.min(count(set.getSpec().getReplicas()), ready(List.of(set)));
  }

  private int active(List<V1ReplicaSet> some) {
    return (int)
        some.stream().flatMap(set -> workloads.of(set).stream()).filter(Workloads::active).count();
  }

  private boolean isCurrent(V1ReplicaSet set) {
    Map<String, String> labels = set.getMetadata().getLabels();
    return labels != null && hash.equals(labels.get(HASH_LABEL));
  }

  private V1ReplicaSet newSet(int size) {
    V1PodTemplateSpec own = deployment.getSpec().getTemplate();
    V1ObjectMeta templateMeta =
        new V1ObjectMeta()
            .labels(withHash(own.getMetadata().getLabels()))
            .annotations(own.getMetadata().getAnnotations());
    V1LabelSelector selector =
        new V1LabelSelector()
            .matchLabels(withHash(deployment.getSpec().getSelector().getMatchLabels()))
            .matchExpressions(deployment.getSpec().getSelector().getMatchExpressions());
    V1ObjectMeta meta =
        new V1ObjectMeta()
            .namespace(deployment.getMetadata().getNamespace())
            .name(deployment.getMetadata().getName() + "-" + hash)
            .labels(templateMeta.getLabels())
            .addOwnerReferencesItem(owner());
    return new V1ReplicaSet()
        .metadata(meta)
        .spec(
            new V1ReplicaSetSpec()
                .replicas(size)
                .selector(selector)
                .template(new V1PodTemplateSpec().metadata(templateMeta).spec(own.getSpec())));
  }

  private V1OwnerReference owner() {
    return new V1OwnerReference()
        .apiVersion("apps/v1")
        .kind("Deployment")
        .name(deployment.getMetadata().getName())
        .uid(deployment.getMetadata().getUid())
        .controller(true)
        .blockOwnerDeletion(true);
  }

  private Map<String, String> withHash(Map<String, String> labels) {
    Map<String, String> more = new TreeMap<>(labels == null ? Map.of() : labels);
    more.put(HASH_LABEL, hash);
    return more;
  }

  private Optional<Action> report() {
    List<V1ReplicaSet> current = sets.stream().filter(this::isCurrent).toList();
    int ready = ready(sets);
    V1DeploymentStatus before = deployment.getStatus();
    V1DeploymentStatus status =
        new V1DeploymentStatus()
            .observedGeneration(deployment.getMetadata().getGeneration())
            .replicas(active(sets))
            .updatedReplicas(active(current))
            .readyReplicas(ready)
            .availableReplicas(ready)
            .unavailableReplicas(Math.max(0, replicas - ready));
    return status.equals(before)
        ? Optional.empty()
        : Optional.of(
            new Action.ReportDeployment(
                deployment.getMetadata().getNamespace(),
                deployment.getMetadata().getName(),
                status));
  }
}
