package dev.lamella.extender.config;

/**
 * What a client may ask of the service at most. Keys that are left out have the defaults given
 * here.
 *
 * @param maxBodyMiB largest request that is read, in MiB (32: a list of 5,000 whole nodes is 30)
 * @param maxBodiesMiB all requests in memory at once, in MiB (96)
 * @param maxHeaderKiB request line and headers, in KiB (16)
 * @param maxConnections open connections; more are not accepted (1024)
 * @param maxConcurrentRequests requests worked on at once (64)
 * @param maxQueuedRequests requests that wait for their turn; more are refused (256)
 * @param bodySeconds longest that a request's body may take to arrive (10)
 * @param requestSeconds longest from the body's end to the answer, waiting included (10)
 * @param maxJsonDepth objects and arrays inside each other (100)
 * @param maxStringKiB longest string that is read, in KiB (512: a pod's annotations together may
 *     have 256)
 * @param drainSeconds how long it says that it is not ready before it stops listening, when told to
 *     stop (3)
 */
public record Limits(
    Integer maxBodyMiB,
    Integer maxBodiesMiB,
    Integer maxHeaderKiB,
    Integer maxConnections,
    Integer maxConcurrentRequests,
    Integer maxQueuedRequests,
    Integer bodySeconds,
    Integer requestSeconds,
    Integer maxJsonDepth,
    Integer maxStringKiB,
    Integer drainSeconds) {

  public static final Limits DEFAULTS =
      new Limits(null, null, null, null, null, null, null, null, null, null, null);

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
  public Limits {
    maxBodyMiB = Bounds.within("maxBodyMiB", maxBodyMiB, 32, 1, 512);
    int bodies = Math.max(96, maxBodyMiB);
    maxBodiesMiB = Bounds.within("maxBodiesMiB", maxBodiesMiB, bodies, maxBodyMiB, 8192);
    maxHeaderKiB = Bounds.within("maxHeaderKiB", maxHeaderKiB, 16, 1, 1024);
    maxConnections = Bounds.within("maxConnections", maxConnections, 1024, 1, 65_536);
    maxConcurrentRequests =
        Bounds.within("maxConcurrentRequests", maxConcurrentRequests, 64, 1, 4096);
    maxQueuedRequests = Bounds.within("maxQueuedRequests", maxQueuedRequests, 256, 1, 65_536);
    bodySeconds = Bounds.within("bodySeconds", bodySeconds, 10, 1, 600);
    requestSeconds = Bounds.within("requestSeconds", requestSeconds, 10, 1, 600);
    maxJsonDepth = Bounds.within("maxJsonDepth", maxJsonDepth, 100, 20, 1000);
    maxStringKiB = Bounds.within("maxStringKiB", maxStringKiB, 512, 64, 16_384);
    drainSeconds = Bounds.within("drainSeconds", drainSeconds, 3, 0, 600);
  }

  /** The largest request that is read, in bytes. */
  public int maxBodyBytes() {
    return maxBodyMiB << 20;
  }

  /** All requests in memory at once, in bytes. */
  public long maxBodiesBytes() {
    return (long) maxBodiesMiB << 20;
  }

  /** The longest string that is read, in characters. */
  public int maxStringLength() {
    return maxStringKiB << 10;
  }
}
