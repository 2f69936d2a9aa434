package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Random;

/**
 * Pods that one tenant submits: Poisson arrivals, exponential lifetimes.
 *
 * @param namespace which is the tenant's, and named as it
 * @param offered compute slices that its pods would hold on average if every one ran at once
 * @param meanLifetime in milliseconds
 * @param kinds what pods ask for, by weight
 */
record Workload(String namespace, double offered, double meanLifetime, List<Kind> kinds) {

  /**
   * @param weight relative to those of the other kinds
   * @param compute compute slices that such a pod is charged as
   */
  record Kind(double weight, PodNeeds needs, double compute) {

    static Kind whole(double weight, String profile, int compute) {
      return new Kind(weight, PodNeeds.of(ResourceName.whole(profile), 1), compute);
    }

    static Kind shares(double weight, String profile, int shares, double compute) {
      return new Kind(weight, PodNeeds.of(ResourceName.shared(profile), shares), compute);
    }
  }

  Workload {
    kinds = List.copyOf(kinds);
    if (offered <= 0 || meanLifetime <= 0 || kinds.isEmpty()) {
      throw new IllegalArgumentException("a workload offers something: " + namespace);
    }
  }

  /** Milliseconds until its next pod, at least 1. */
  long nextArrival(Random random) {
    double total = kinds.stream().mapToDouble(Kind::weight).sum();
    double mean = kinds.stream().mapToDouble(kind -> kind.weight * kind.compute).sum() / total;
    return exponential(meanLifetime * mean / offered, random);
  }

  /** Milliseconds that a pod runs, at least 1. */
  long lifetime(Random random) {
    return exponential(meanLifetime, random);
  }

  PodNeeds needs(Random random) {
    double at = random.nextDouble() * kinds.stream().mapToDouble(Kind::weight).sum();
    for (Kind kind : kinds) {
      at -= kind.weight;
      if (at < 0) {
        return kind.needs;
      }
    }
    return kinds.get(kinds.size() - 1).needs;
  }

  private static long exponential(double mean, Random random) {
    return Math.max(1, Math.round(-mean * StrictMath.log(1 - random.nextDouble())));
  }
}
