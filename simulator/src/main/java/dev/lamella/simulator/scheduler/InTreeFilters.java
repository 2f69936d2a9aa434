package dev.lamella.simulator.scheduler;

import dev.lamella.simulator.kube.PodRequests;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The filters that the scheduler runs before it asks an extender: unschedulable, taints, node
 * selection, resources. The first that rejects a node gives the reasons, worded as
 * kube-scheduler's.
 */
final class InTreeFilters {

  private final Predicate<String> ignored;

  /**
   * @param ignored resources that are left to the extender
   */
  InTreeFilters(Predicate<String> ignored) {
    this.ignored = ignored;
  }

  /** Why the node does not do; empty if it does. */
  List<String> reject(V1Pod pod, V1Node node, Cluster cluster) {
    boolean cordoned =
        node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
    if (cordoned && !Taints.toleratesCordon(pod)) {
      return List.of("node(s) were unschedulable");
    }
    Optional<String> taint = Taints.untolerated(pod, node).map(Taints::reason);
    if (taint.isPresent()) {
      return List.of(taint.get());
    }
    if (!NodeSelection.matches(pod, node)) {
      return List.of("node(s) didn't match Pod's node affinity/selector");
    }
    return lacking(pod, node, cluster);
  }

  private List<String> lacking(V1Pod pod, V1Node node, Cluster cluster) {
    List<String> reasons = new ArrayList<>();
    if (exceeds(node, cluster, "pods", BigDecimal.ONE)) {
      reasons.add("Too many pods");
    }
    for (Map.Entry<String, BigDecimal> request : PodRequests.of(pod).entrySet()) {
      if (request.getValue().signum() > 0
          && !ignored.test(request.getKey())
          && exceeds(node, cluster, request.getKey(), request.getValue())) {
        reasons.add("Insufficient " + request.getKey());
      }
    }
    return reasons;
  }

  private static boolean exceeds(
      V1Node node, Cluster cluster, String resource, BigDecimal requested) {
    return cluster
            .used(node, resource)
            .add(requested)
            .compareTo(Cluster.allocatable(node, resource))
        > 0;
  }
}
