package dev.lamella.simulator.scheduler;

import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a pod goes.
 *
 * <p><b>Algorithm.</b> 1. In-tree filters. 2. If a node is left and the pod asks for one of its
 * resources, the extender's filter. 3. If several nodes are left, scores: the in-tree one plus ten
 * times each of the extender's weighted scores; an extender that cannot score is passed over. 4.
 * One of the best at random. All nodes are looked at: nothing is sampled.
 */
final class Cycle {

  private static final Logger LOG = LoggerFactory.getLogger(Cycle.class);

  /** Lifts an extender's scores, 0 to 10, to the in-tree 0 to 100. */
  private static final int EXTENDER_FACTOR = 10;

  private final InTreeFilters filters;
  private final Optional<ExtenderClient> extender;
  private final Random ties;

  Cycle(InTreeFilters filters, Optional<ExtenderClient> extender, Random ties) {
    this.filters = filters;
    this.extender = extender;
    this.ties = ties;
  }

  Decision decide(V1Pod pod, Cluster cluster) {
    List<String> reasons = new ArrayList<>();
    List<V1Node> feasible = new ArrayList<>();
    for (V1Node node : cluster.nodes()) {
      List<String> rejected = filters.reject(pod, node, cluster);
      if (rejected.isEmpty()) {
        feasible.add(node);
      }
      reasons.addAll(rejected);
    }
    Optional<ExtenderClient> asked = extender.filter(e -> e.interested(pod));
    if (asked.isPresent() && !feasible.isEmpty()) {
      try {
        ExtenderClient.Filtered filtered = asked.get().filter(pod, feasible);
        feasible = filtered.feasible();
        reasons.addAll(filtered.reasons().values());
      } catch (ExtenderException e) {
        return new Decision.Failed(e.getMessage());
      }
    }
    if (feasible.isEmpty()) {
      return new Decision.FitsNowhere(message(cluster.nodes().size(), reasons));
    }
    return new Decision.Fits(choose(pod, feasible, cluster, asked));
  }

  private String choose(
      V1Pod pod, List<V1Node> feasible, Cluster cluster, Optional<ExtenderClient> asked) {
    if (feasible.size() == 1) {
      return feasible.get(0).getMetadata().getName();
    }
    SortedMap<String, Long> totals = new TreeMap<>();
    feasible.forEach(
        n -> totals.put(n.getMetadata().getName(), LeastAllocated.score(pod, n, cluster)));
    if (asked.isPresent()) {
      try {
        asked
            .get()
            .prioritize(pod, feasible)
            .forEach((n, s) -> totals.computeIfPresent(n, (k, v) -> v + s * EXTENDER_FACTOR));
      } catch (ExtenderException e) {
        LOG.info("extender did not score, and is passed over: {}", e.getMessage());
      }
    }
    long best = totals.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    List<String> winners = totals.keySet().stream().filter(n -> totals.get(n) == best).toList();
    return winners.get(ties.nextInt(winners.size()));
  }

  /** Reasons by text with their counts, sorted as text: kube-scheduler's own form. */
  static String message(int nodes, Collection<String> reasons) {
    if (nodes == 0) {
      return "no nodes available to schedule pods";
    }
    Map<String, Integer> counts = new HashMap<>();
    reasons.forEach(r -> counts.merge(r, 1, Integer::sum));
    List<String> parts =
        counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).sorted().toList();
    String start = "0/" + nodes + " nodes are available:";
    return parts.isEmpty() ? start : start + " " + String.join(", ", parts) + ".";
  }
}
