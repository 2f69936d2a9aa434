package dev.lamella.simulator.trace.tenants;

/**
 * How long things take, in milliseconds of virtual time.
 *
 * @param reaction from the refusal of a pod to the decision to reclaim for it
 * @param shortestGrace the least that an evicted pod takes to end
 * @param longestGrace the most
 * @param report from a change on a node to its daemon's report of it
 * @param patience how long a pod waits before its owner withdraws it
 */
public record Timing(
    long reaction, long shortestGrace, long longestGrace, long report, long patience) {

  /** The extender's pause, Kubernetes' default grace period, a daemon under load. */
  public static final Timing USUAL = new Timing(1_000, 1_000, 30_000, 2_000, 600_000);

  public Timing {
    if (reaction < 0 || shortestGrace < 0 || shortestGrace > longestGrace || report < 0) {
      throw new IllegalArgumentException("times must not be negative, nor the graces swapped");
    }
  }

  /** What a pod within its guarantee waits at most. */
  public long longestWait() {
    return reaction + longestGrace + report;
  }
}
