package dev.lamella.simulator.kubelet;

import dev.lamella.simulator.kube.PodRequests;
import io.kubernetes.client.openapi.models.V1Pod;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The kubelet's own count, done after devices were allocated and before a pod starts. Selectors,
 * affinity, ports and taints are not looked at.
 */
final class ResourceCheck {

  private static final BigDecimal MILLI = BigDecimal.valueOf(1000);

  private final Map<String, BigDecimal> allocatable;

  /**
   * @param allocatable the node's, as last known; raised to {@code held} where that is more
   * @param held devices held of each resource, by all pods
   */
  ResourceCheck(Map<String, BigDecimal> allocatable, Map<String, Integer> held) {
    Map<String, BigDecimal> raised = new TreeMap<>(allocatable);
    held.forEach((r, n) -> raised.merge(r, BigDecimal.valueOf(n), BigDecimal::max));
    this.allocatable = raised;
  }

  /**
   * Compares requests with what is there. An extended resource that the node does not list at all
   * is dropped from the check.
   *
   * @param others the other active pods
   * @throws AdmissionException with reason {@code OutOf<resource>}
   */
  void check(V1Pod pod, Collection<V1Pod> others) throws AdmissionException {
    compare("pods", BigDecimal.ONE, BigDecimal.valueOf(others.size()));
    SortedMap<String, BigDecimal> used = new TreeMap<>();
    others.forEach(
        other -> PodRequests.of(other).forEach((r, q) -> used.merge(r, q, BigDecimal::add)));
    for (Map.Entry<String, BigDecimal> request : PodRequests.of(pod).entrySet()) {
      String resource = request.getKey();
      if (request.getValue().signum() > 0 && allocatable.containsKey(resource)) {
        compare(resource, request.getValue(), used.getOrDefault(resource, BigDecimal.ZERO));
      }
    }
  }

  private void compare(String resource, BigDecimal requested, BigDecimal used)
      throws AdmissionException {
    BigDecimal capacity = allocatable.getOrDefault(resource, BigDecimal.ZERO);
    if (used.add(requested).compareTo(capacity) > 0) {
      throw new AdmissionException(
          "OutOf" + resource,
          "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
              .formatted(
                  resource,
                  shown(resource, requested),
                  shown(resource, used),
                  shown(resource, capacity)));
    }
  }

  private static long shown(String resource, BigDecimal amount) {
    return (resource.equals("cpu") ? amount.multiply(MILLI) : amount).longValue();
  }
}
