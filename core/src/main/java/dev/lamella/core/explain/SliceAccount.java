package dev.lamella.core.explain;

import java.util.List;

/**
 * A slice that a pod could want, and why it would do or not.
 *
 * @param mode {@code Free}, {@code Whole} or {@code Shared}
 * @param free how many could be given now: 1 for a whole slice, else shares
 */
public record SliceAccount(
    SlicePlace slice,
    String mode,
    int sharesUsed,
    int free,
    Obstacle obstacle,
    List<Holder> holders) {

  /** What rules a slice out. */
  public enum Obstacle {
    /** Nothing. */
    NONE("could be given"),
    UNHEALTHY("unhealthy"),
    CORDONED("cordoned"),
    HELD_WHOLE("held whole"),
    HELD_IN_SHARES("held in shares"),
    /** Shared, and every share is held. */
    NO_SHARE_LEFT("no share left"),
    /** Free, but in a mode that only the node's word can change. */
    AWAITS_REPORT("waits for the node's report");

    private final String sentence;

    Obstacle(String sentence) {
      this.sentence = sentence;
    }

    /** For people. */
    public String sentence() {
      return sentence;
    }
  }

  public SliceAccount {
    holders = List.copyOf(holders);
  }
}
