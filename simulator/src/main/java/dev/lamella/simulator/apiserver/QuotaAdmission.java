package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.simulator.kube.PodRequests;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Pod;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * ResourceQuotas, as far as they bound pods: {@code pods}, {@code count/pods}, {@code cpu}, {@code
 * memory} and {@code requests.*}. Other entries, {@code limits.*} and quotas with scopes bound
 * nothing here.
 */
final class QuotaAdmission {

  private static final String REQUESTS = "requests.";
  private static final Set<String> PODS = Set.of("pods", "count/pods");
  private static final Set<String> PLAIN = Set.of("cpu", "memory");
  private static final Set<String> TERMINAL = Set.of("Succeeded", "Failed");

  private final Store store;

  QuotaAdmission(Store store) {
    this.store = store;
  }

  /**
   * @throws StatusException 403 naming the quota that a new pod would exceed
   */
  void check(ObjectNode pod) {
    List<ObjectNode> quotas =
        store.list(ResourceTypes.RESOURCE_QUOTAS).objects().stream()
            .filter(quota -> Meta.namespace(quota).equals(Meta.namespace(pod)))
            .filter(quota -> quota.at("/spec/scopes").isEmpty())
            .filter(quota -> quota.at("/spec/scopeSelector").isEmpty())
            .toList();
    for (ObjectNode quota : quotas) {
      for (Map.Entry<String, JsonNode> hard : quota.at("/spec/hard").properties()) {
        check(quota, hard.getKey(), PodSpecs.quantity(hard.getKey(), hard.getValue()), pod);
      }
    }
  }

  private void check(ObjectNode quota, String entry, BigDecimal hard, ObjectNode pod) {
    BigDecimal asked = charge(entry, pod);
    if (asked.signum() == 0) {
      return;
    }
    BigDecimal used =
        store.list(ResourceTypes.PODS).objects().stream()
            .filter(other -> Meta.namespace(other).equals(Meta.namespace(pod)))
            .filter(other -> !TERMINAL.contains(other.at("/status/phase").asText()))
            .map(other -> charge(entry, other))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    if (used.add(asked).compareTo(hard) > 0) {
      throw StatusException.forbidden(
          ResourceTypes.PODS,
          Meta.name(pod),
          "exceeded quota: %s, requested: %s=%s, used: %s=%s, limited: %s=%s"
              .formatted(
                  Meta.name(quota),
                  entry,
                  asked.toPlainString(),
                  entry,
                  used.toPlainString(),
                  entry,
                  hard.toPlainString()));
    }
  }

  private static BigDecimal charge(String entry, ObjectNode pod) {
    if (PODS.contains(entry)) {
      return BigDecimal.ONE;
    }
    if (!entry.startsWith(REQUESTS) && !PLAIN.contains(entry)) {
      return BigDecimal.ZERO;
    }
    String resource = entry.startsWith(REQUESTS) ? entry.substring(REQUESTS.length()) : entry;
    SortedMap<String, BigDecimal> requests =
        PodRequests.of(JSON.deserialize(pod.toString(), V1Pod.class));
    return requests.getOrDefault(resource, BigDecimal.ZERO);
  }
}
