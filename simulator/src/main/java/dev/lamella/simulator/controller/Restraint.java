package dev.lamella.simulator.controller;

import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Keeps a pod that fails as soon as it is made from being made again without end. */
final class Restraint {

  /** Longest wait before a failed pod is replaced, when others failed before it. */
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  private static final int MAX_DOUBLINGS = 5;

  private Restraint() {}

  /**
   * When the next pod may be made: at once for the first that failed, then 1, 2, 4 ... 30 s after
   * the latest of them was created.
   */
  static Instant notBefore(List<V1Pod> pods) {
    List<Instant> failed =
        pods.stream()
            .filter(pod -> "Failed".equals(pod.getStatus().getPhase()))
            .map(pod -> pod.getMetadata().getCreationTimestamp().toInstant())
            .sorted()
            .toList();
    if (failed.size() < 2) {
      return Instant.MIN;
    }
    Duration pause = Duration.ofSeconds(1L << Math.min(failed.size() - 2, MAX_DOUBLINGS));
    return failed.get(failed.size() - 1).plus(pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause);
  }
}
