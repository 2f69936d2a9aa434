package dev.lamella.core.ledger;

import java.util.Optional;

/**
 * A pod in the ledger.
 *
 * @param fact the newest sighting, or null if only its bind or its deletion is known
 * @param provisional where it will be: a bind that the watch has not shown yet, or a reservation;
 *     or null
 * @param reserved whether the provisional place is a reservation
 * @param goneAt the resourceVersion at which it was deleted, or 0
 */
record PodEntry(PodFact fact, PodFact provisional, boolean reserved, long goneAt) {

  static final PodEntry EMPTY = new PodEntry(null, null, false, 0);

  PodEntry seen(PodFact newer) {
    if (fact != null && fact.version() >= newer.version()) {
      return this;
    }
    boolean decided = newer.node().isPresent() || newer.phase().terminal();
    return new PodEntry(newer, decided ? null : provisional, !decided && reserved, goneAt);
  }

  /** What it was given by a bind it may hold until its node says otherwise, unseen as it was. */
  PodEntry gone(long version) {
    return new PodEntry(fact, reserved ? null : provisional, false, Math.max(goneAt, version));
  }

  /** With a place that it will have, unless that has been decided otherwise. */
  PodEntry placed(PodFact place, boolean reservation) {
    boolean decided = fact != null && (fact.node().isPresent() || fact.phase().terminal());
    return decided || goneAt > 0 ? this : new PodEntry(fact, place, reservation, 0);
  }

  PodEntry unplaced() {
    return new PodEntry(fact, null, false, goneAt);
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
   * that ended by itself its end counts; being deleted later changes nothing on the node.
   */
  long end() {
    return ended() || goneAt == 0 ? fact.version() : goneAt;
  }
}
