package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import java.util.List;
import java.util.Optional;

/** A pod of the simulation, on its way from submission to its end. */
final class SimPod {

  /** Where it is on its way. */
  enum Stage {
    WAITING,
    BOUND,
    LEAVING,
    GONE
  }

  private static final long NEVER = -1;

  final PodRef ref;
  final PodNeeds needs;
  final long lifetime;
  final long submittedAt;

  /** Whether it replaces one that was evicted. */
  final boolean replacement;

  Stage stage = Stage.WAITING;
  boolean reclaimPending;
  long heldBackSince = NEVER;

  /** Since when it stands within the guarantee without a break, or {@link #NEVER}. */
  long guaranteedSince = NEVER;

  private String node = "";
  private Assignment assignment;

  SimPod(PodRef ref, PodNeeds needs, long lifetime, long submittedAt, boolean replacement) {
    this.ref = ref;
    this.needs = needs;
    this.lifetime = lifetime;
    this.submittedAt = submittedAt;
    this.replacement = replacement;
  }

  void bound(String where, Assignment what) {
    node = where;
    assignment = what;
    stage = Stage.BOUND;
  }

  boolean waiting() {
    return stage == Stage.WAITING;
  }

  boolean guaranteed() {
    return guaranteedSince != NEVER;
  }

  void standsWithinGuarantee(boolean within, long now) {
    guaranteedSince = !within ? NEVER : guaranteed() ? guaranteedSince : now;
  }

  long heldBackSince(long now) {
    heldBackSince = heldBackSince == NEVER ? now : heldBackSince;
    return heldBackSince;
  }

  String node() {
    return node;
  }

  List<Held> held() {
    return assignment.held();
  }

  /** The pod as the API server shows it now. */
  PodFact fact(long version, Phase phase) {
    return new PodFact(
        ref,
        version,
        waiting() ? Optional.empty() : Optional.of(node),
        phase,
        0,
        needs,
        Optional.ofNullable(assignment),
        new PodFact.Traits(stage == Stage.LEAVING, true, true));
  }

  @Override
  public String toString() {
    return ref + " " + needs + " " + stage;
  }
}
