package dev.lamella.simulator.demo;

import java.time.Duration;
import java.util.List;

/**
 * Tells when a cluster has come to rest.
 *
 * <p>Goals: every pod runs, has ended, or waits for a reason that will not change by itself.
 *
 * <p>Constraints: the scheduler retries a refused pod when something has happened, after its
 * backoff; the extender may hold a borrower back for a while and then change its mind.
 *
 * <p>Algorithm: if all pods run or have ended, and the workloads have all of theirs, that is rest.
 * If some wait, rest is when no pod has changed in any way, its reason included, for {@link
 * #QUIET}, which is longer than the longest backoff and the longest holding back.
 */
final class Settling {

  /** The scheduler's longest backoff here is 2 s, the extender holds back for at most 5 s. */
  static final Duration QUIET = Duration.ofSeconds(6);

  private List<PodState> last = List.of();
  private long movedAt;

  /**
   * @param nanos now, by {@link System#nanoTime}
   */
  Settling(long nanos) {
    movedAt = nanos;
  }

  /**
   * Takes in what is seen now.
   *
   * @param pods all pods, in any order that stays
   * @param complete whether the workloads have all the pods that they want
   * @return whether the cluster is at rest
   */
  boolean settled(List<PodState> pods, boolean complete, long nanos) {
    if (!pods.equals(last)) {
      last = List.copyOf(pods);
      movedAt = nanos;
    }
    if (complete && pods.stream().allMatch(PodState::done)) {
      return true;
    }
    boolean quiet = nanos - movedAt >= QUIET.toNanos();
    return quiet && pods.stream().allMatch(PodState::resting);
  }
}
