package dev.lamella.simulator.scheduler;

import dev.lamella.simulator.kube.PodRequests;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** The in-tree score of a node, 0 to 100: the mean free part of its CPU and memory afterwards. */
final class LeastAllocated {

  private static final List<String> RESOURCES = List.of("cpu", "memory");

  private LeastAllocated() {}

  static long score(V1Pod pod, V1Node node, Cluster cluster) {
    Map<String, BigDecimal> requests = PodRequests.of(pod);
    double free = 0;
    for (String resource : RESOURCES) {
      double allocatable = Cluster.allocatable(node, resource).doubleValue();
      double used =
          cluster
              .used(node, resource)
              .add(requests.getOrDefault(resource, BigDecimal.ZERO))
              .doubleValue();
      free += allocatable == 0 ? 0 : Math.max(0, allocatable - used) / allocatable;
    }
    return (long) (free * 100 / RESOURCES.size());
  }
}
