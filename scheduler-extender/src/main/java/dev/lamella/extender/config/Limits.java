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
    maxBodyMiB = within("maxBodyMiB", maxBodyMiB, 32, 1, 512);
    int bodies = Math.max(96, maxBodyMiB);
    maxBodiesMiB = within("maxBodiesMiB", maxBodiesMiB, bodies, maxBodyMiB, 8192);
    maxHeaderKiB = within("maxHeaderKiB", maxHeaderKiB, 16, 1, 1024);
    maxConnections = within("maxConnections", maxConnections, 1024, 1, 65_536);
    maxConcurrentRequests = within("maxConcurrentRequests", maxConcurrentRequests, 64, 1, 4096);
    maxQueuedRequests = within("maxQueuedRequests", maxQueuedRequests, 256, 1, 65_536);
    bodySeconds = within("bodySeconds", bodySeconds, 10, 1, 600);
    requestSeconds = within("requestSeconds", requestSeconds, 10, 1, 600);
    maxJsonDepth = within("maxJsonDepth", maxJsonDepth, 100, 20, 1000);
    maxStringKiB = within("maxStringKiB", maxStringKiB, 512, 64, 16_384);
    drainSeconds = within("drainSeconds", drainSeconds, 3, 0, 600);
  }

  private static int within(String key, Integer value, int unset, int least, int most) {
    if (value == null) {
      return unset;
    }
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, expected %d to %d".formatted(key, value, least, most));
    }
    return value;
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
