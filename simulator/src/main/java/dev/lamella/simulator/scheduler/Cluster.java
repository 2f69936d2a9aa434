package dev.lamella.simulator.scheduler;

import dev.lamella.simulator.kube.PodRequests;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Nodes and what is used on them, at one moment.
 *
 * @param nodes by name
 * @param used by node and resource; "pods" counts pods
 */
record Cluster(List<V1Node> nodes, Map<String, SortedMap<String, BigDecimal>> used) {

  Cluster {
    nodes =
        nodes.stream()
            .sorted(Comparator.comparing((V1Node n) -> n.getMetadata().getName()))
            .toList();
    used = Map.copyOf(used);
  }

  /**
   * Adds up what pods use.
   *
   * @param pods bound ones that have not ended
   * @param assumed nodes of pods whose binding is under way, by UID
   */
  static Cluster of(Collection<V1Node> nodes, Collection<V1Pod> pods, Map<String, String> assumed) {
    Map<String, SortedMap<String, BigDecimal>> used = new TreeMap<>();
    for (V1Pod pod : pods) {
      String bound = pod.getSpec().getNodeName();
      String node = bound != null ? bound : assumed.get(pod.getMetadata().getUid());
      if (node != null && !Pods.terminal(pod)) {
        SortedMap<String, BigDecimal> sum = used.computeIfAbsent(node, n -> new TreeMap<>());
        PodRequests.of(pod).forEach((r, q) -> sum.merge(r, q, BigDecimal::add));
        sum.merge("pods", BigDecimal.ONE, BigDecimal::add);
      }
    }
    return new Cluster(List.copyOf(nodes), used);
  }

  BigDecimal used(V1Node node, String resource) {
    return used.getOrDefault(node.getMetadata().getName(), new TreeMap<>())
        .getOrDefault(resource, BigDecimal.ZERO);
  }

  static BigDecimal allocatable(V1Node node, String resource) {
    return node.getStatus() == null
            || node.getStatus().getAllocatable() == null
            || !node.getStatus().getAllocatable().containsKey(resource)
        ? BigDecimal.ZERO
        : node.getStatus().getAllocatable().get(resource).getNumber();
  }
}
