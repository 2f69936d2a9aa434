package dev.lamella.deviceplugin.config;

import java.util.Set;
import java.util.TreeSet;

/**
 * When a slice is not trusted, and when it is again.
 *
 * @param recoverAfterSeconds after which time without another fault; 0: not before a restart
 * @param ignoreXids Xids that say nothing of the hardware, besides {@link #APPLICATION_XIDS}
 * @param watchXids Xids that matter although they are in {@link #APPLICATION_XIDS}
 */
public record HealthSettings(
    int recoverAfterSeconds, Set<Integer> ignoreXids, Set<Integer> watchXids) {

  /** Xids that applications cause; the list that NVIDIA's device plugin ignores. */
  static final Set<Integer> APPLICATION_XIDS = Set.of(13, 31, 43, 45, 68, 109);

  private static final int FIVE_MINUTES = 300;

  /**
   * @throws WrongInput naming the field, its value and what would be right
   */
  public HealthSettings {
    ignoreXids = Set.copyOf(ignoreXids);
    watchXids = Set.copyOf(watchXids);
    if (recoverAfterSeconds < 0) {
      throw new WrongInput(
          "health.recoverAfterSeconds is %d, expected 0 (never) or more"
              .formatted(recoverAfterSeconds));
    }
    Set<Integer> both = new TreeSet<>(ignoreXids);
    both.retainAll(watchXids);
    if (!both.isEmpty()) {
      throw new WrongInput(
          "health.ignoreXids and health.watchXids both name %s, expected one of them"
              .formatted(both.iterator().next()));
    }
  }

  /** What holds without a file. */
  static HealthSettings defaults() {
    return new HealthSettings(FIVE_MINUTES, Set.of(), Set.of());
  }

  /** Whether an Xid puts a slice in doubt. */
  public boolean matters(long xid) {
    int number = (int) xid;
    return watchXids.contains(number)
        || !ignoreXids.contains(number) && !APPLICATION_XIDS.contains(number);
  }
}
