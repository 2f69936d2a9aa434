package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.reclaim.Victim;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is counted during a run, once it has warmed up. */
final class Tally {

  private final long from;
  private final long until;
  private final Map<String, Integer> submitted = new TreeMap<>();
  private final Map<String, Integer> started = new TreeMap<>();
  private final Map<String, Integer> evicted = new TreeMap<>();
  private final Map<Victim.Kind, Integer> byKind = new EnumMap<>(Victim.Kind.class);
  private final Map<String, Double> heldTime = new TreeMap<>();
  private final Map<String, List<Long>> waits = new TreeMap<>();
  private final List<Long> guaranteedWaits = new ArrayList<>();
  private double strandedTime;
  private int violations;

  /**
   * @param from when counting begins, in milliseconds
   * @param until when it ends
   */
  Tally(long from, long until) {
    this.from = from;
    this.until = until;
  }

  /** Time passes and the hardware stays as it is. */
  void pass(long start, long end, Hardware hardware) {
    long counted = Math.min(end, until) - Math.max(start, from);
    if (counted > 0) {
      hardware.held().forEach((who, held) -> heldTime.merge(who, held * counted, Double::sum));
      strandedTime += hardware.stranded() * counted;
    }
  }

  private boolean counts(SimPod pod) {
    return pod.submittedAt >= from && pod.submittedAt < until && !pod.replacement;
  }

  void submitted(SimPod pod) {
    if (counts(pod)) {
      submitted.merge(pod.ref.namespace(), 1, Integer::sum);
    }
  }

  /** A pod was bound. */
  void started(SimPod pod, boolean latencyCritical, long now) {
    if (counts(pod)) {
      started.merge(pod.ref.namespace(), 1, Integer::sum);
      waits
          .computeIfAbsent(pod.ref.namespace(), name -> new ArrayList<>())
          .add(now - pod.submittedAt);
    }
    if (latencyCritical && pod.guaranteed()) {
      guaranteedWaits.add(now - pod.guaranteedSince);
    }
  }

  void evicted(Victim victim, long now) {
    if (now >= from && now < until) {
      evicted.merge(victim.tenant().name(), 1, Integer::sum);
      byKind.merge(victim.kind(), 1, Integer::sum);
    }
  }

  /** So many tenants are above a limit now. */
  void violations(int tenants) {
    violations += tenants;
  }

  int violations() {
    return violations;
  }

  /** In percent of what was submitted: bound before their owner gave up. */
  double accepted(String tenant) {
    int all = submitted.getOrDefault(tenant, 0);
    return all == 0 ? 100 : 100.0 * started.getOrDefault(tenant, 0) / all;
  }

  int evicted(String tenant) {
    return evicted.getOrDefault(tenant, 0);
  }

  int evicted(Victim.Kind kind) {
    return byKind.getOrDefault(kind, 0);
  }

  /** In percent of the capacity: compute slices held, on average over time. */
  double allocation(String tenant, double compute) {
    return percent(heldTime.getOrDefault(tenant, 0.0), compute);
  }

  double allocation(double compute) {
    return percent(heldTime.values().stream().mapToDouble(held -> held).sum(), compute);
  }

  /** In percent of the capacity: what stands free but can be given as shares alone. */
  double fragmentation(double compute) {
    return percent(strandedTime, compute);
  }

  private double percent(double heldMillis, double compute) {
    return 100 * heldMillis / (compute * (until - from));
  }

  /** Waits of a tenant's pods from submission to bind, in milliseconds. */
  List<Long> waits(String tenant) {
    return waits.getOrDefault(tenant, List.of());
  }

  /**
   * Waits of latency-critical pods that were bound within their guarantee, in milliseconds, counted
   * from when they stood within it. The warm-up counts too.
   */
  List<Long> guaranteedWaits() {
    return List.copyOf(guaranteedWaits);
  }

  /** The value below which so many percent lie; 0 of nothing. */
  static long quantile(List<Long> values, double percent) {
    List<Long> sorted = values.stream().sorted().toList();
    int index = (int) Math.ceil(percent / 100 * sorted.size()) - 1;
    return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, index));
  }
}
