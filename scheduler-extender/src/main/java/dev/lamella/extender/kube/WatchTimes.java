package dev.lamella.extender.kube;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long watches last. They are short, so that one that hangs shows before it counts as stale.
 *
 * @param watchSeconds how long a watch is asked to last; the API server sends a bookmark before it
 *     ends it
 * @param readSeconds how long one may be silent before its connection counts as dead
 * @param nanos a clock that only goes forward
 */
public record WatchTimes(int watchSeconds, int readSeconds, LongSupplier nanos) {

  /** Ones that show a hanging watch, and mend it, within the limit of staleness. */
  public static WatchTimes within(Duration limit, LongSupplier nanos) {
    int seconds = (int) limit.toSeconds();
    int watch = Math.max(1, seconds / 2);
    return new WatchTimes(watch, watch + Math.max(1, seconds / 6), nanos);
  }
}
