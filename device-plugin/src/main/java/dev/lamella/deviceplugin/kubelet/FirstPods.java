package dev.lamella.deviceplugin.kubelet;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * Whether a kubelet that restarted has its pods already. What it takes up at first does not get the
 * devices that ended pods still hold by its checkpoint: it frees them only after that.
 *
 * <p>For one thread.
 */
final class FirstPods {

  /** On a node without any pod the time decides. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final LongPredicate listed;
  private boolean met;
  private OptionalLong restarted = OptionalLong.empty();

  /**
   * @param listed whether the kubelet has listed any pod since a moment of System.nanoTime
   */
  FirstPods(LongPredicate listed) {
    this.listed = listed;
  }

  /** Another kubelet than before has been found; the first was there before this program. */
  void another() {
    restarted = met ? OptionalLong.of(System.nanoTime()) : OptionalLong.empty();
    met = true;
  }

  /** Whether they are still to be waited for. */
  boolean missing() {
    boolean missing =
        restarted.isPresent()
            && !listed.test(restarted.getAsLong())
            && System.nanoTime() - restarted.getAsLong() < LIMIT.toNanos();
    if (!missing) {
      restarted = OptionalLong.empty();
    }
    return missing;
  }
}
