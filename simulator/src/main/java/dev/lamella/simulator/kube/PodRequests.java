package dev.lamella.simulator.kube;

import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pod's requests as scheduler and kubelet add them up (KEP-753): sidecars accumulate; the pod
 * needs the larger of its init containers' peak and its containers together with all sidecars, plus
 * overhead. A container that states only a limit requests that much.
 */
public final class PodRequests {

  private PodRequests() {}

  /** What the pod requests, by resource, in base units (cores, bytes, devices). */
  public static SortedMap<String, BigDecimal> of(V1Pod pod) {
    SortedMap<String, BigDecimal> sidecars = new TreeMap<>();
    SortedMap<String, BigDecimal> peak = new TreeMap<>();
    for (V1Container init : orEmpty(pod.getSpec().getInitContainers())) {
      if (isSidecar(init)) {
        add(sidecars, of(init));
        max(peak, sidecars);
      } else {
        SortedMap<String, BigDecimal> during = new TreeMap<>(sidecars);
        add(during, of(init));
        max(peak, during);
      }
    }
    SortedMap<String, BigDecimal> total = new TreeMap<>(sidecars);
    for (V1Container container : orEmpty(pod.getSpec().getContainers())) {
      add(total, of(container));
    }
    max(total, peak);
    Map<String, Quantity> overhead = pod.getSpec().getOverhead();
    if (overhead != null) {
      overhead.forEach((r, q) -> total.merge(r, q.getNumber(), BigDecimal::add));
    }
    return total;
  }

  /** Whether an init container keeps running beside the containers. */
  public static boolean isSidecar(V1Container initContainer) {
    return "Always".equals(initContainer.getRestartPolicy());
  }

  private static SortedMap<String, BigDecimal> of(V1Container container) {
    SortedMap<String, BigDecimal> requests = new TreeMap<>();
    V1ResourceRequirements resources = container.getResources();
    if (resources != null && resources.getLimits() != null) {
      resources.getLimits().forEach((r, q) -> requests.put(r, q.getNumber()));
    }
    if (resources != null && resources.getRequests() != null) {
      resources.getRequests().forEach((r, q) -> requests.put(r, q.getNumber()));
    }
    return requests;
  }

  private static void add(Map<String, BigDecimal> to, Map<String, BigDecimal> more) {
    more.forEach((r, q) -> to.merge(r, q, BigDecimal::add));
  }

  private static void max(Map<String, BigDecimal> to, Map<String, BigDecimal> other) {
    other.forEach((r, q) -> to.merge(r, q, BigDecimal::max));
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
