package dev.lamella.core.ledger;

import java.util.Optional;

/**
 * A pod in the ledger.
 *
 * @param fact the newest sighting, or null if only its bind or its deletion is known
 * @param provisional where it will be: a bind that the watch has not shown yet, or a reservation;
 *     or null
 * @param reserved whether the provisional place is a reservation
 * @param endedAt the least resourceVersion at which it was seen to have ended, or the largest long
 * @param goneAt the resourceVersion at which it was deleted, or 0
 */
record PodEntry(PodFact fact, PodFact provisional, boolean reserved, long endedAt, long goneAt) {

  static final PodEntry EMPTY = new PodEntry(null, null, false, Long.MAX_VALUE, 0);

  PodEntry seen(PodFact newer) {
    long end = newer.phase().terminal() ? Math.min(endedAt, newer.version()) : endedAt;
    if (fact != null && fact.version() >= newer.version()) {
      return new PodEntry(fact, provisional, reserved, end, goneAt);
    }
    boolean decided = newer.node().isPresent() || newer.phase().terminal();
    return new PodEntry(newer, decided ? null : provisional, !decided && reserved, end, goneAt);
  }

  /** What it was given by a bind it may hold until its node says otherwise, unseen as it was. */
  PodEntry gone(long version) {
    PodFact place = reserved ? null : provisional;
    return new PodEntry(fact, place, false, endedAt, Math.max(goneAt, version));
  }

  /** With a place that it will have, unless that has been decided otherwise. */
  PodEntry placed(PodFact place, boolean reservation) {
    boolean decided = fact != null && (fact.node().isPresent() || fact.phase().terminal());
    return decided || goneAt > 0 ? this : new PodEntry(fact, place, reservation, endedAt, 0);
  }

  PodEntry unplaced() {
    return new PodEntry(fact, null, false, endedAt, goneAt);
  }

  /** The pod as it counts: the place that it will have stands for what the watch has not shown. */
  PodFact effective() {
    return provisional != null ? provisional : fact;
  }

  Optional<String> node() {
    return effective() == null ? Optional.empty() : effective().node();
  }

  /** Bound, not ended, not deleted: it is charged. */
  boolean active() {
    return goneAt == 0 && node().isPresent() && !ended();
  }

  /**
   * Whether its node stands the same with it as with another entry of the same pod: most of what is
   * written to a pod that runs is about its containers.
   */
  boolean countsAs(PodEntry other) {
    boolean held = active() && !reserved && other.active() && !other.reserved;
    return held && effective().countsAs(other.effective());
  }

  /** Whether it ended by itself, so that its slices may be reused in the same mode at once. */
  boolean ended() {
    return effective() != null && effective().phase().terminal();
  }

  /** Whether it ended before it ran: its node may hold or refuse the slices for a reason unseen. */
  boolean refused() {
    return ended() && effective().phase() == Phase.REFUSED;
  }

  /**
   * A report that has seen this version and does not list the pod means that it let go. For a pod
   * that ended by itself its end counts, not what is written to it later: its daemon does not see
   * that any more, and its word would be awaited until something else happens on the node.
   */
  long end() {
    if (ended()) {
      return Math.min(endedAt, fact.version());
    }
    return goneAt == 0 ? fact.version() : goneAt;
  }
}
