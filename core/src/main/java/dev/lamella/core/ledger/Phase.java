package dev.lamella.core.ledger;

/** A pod's phase, as far as it matters to who holds what. */
public enum Phase {
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED;

  /** Whether the pod will never run again; its devices are free for its kind of use at once. */
  public boolean terminal() {
    return this == SUCCEEDED || this == FAILED;
  }
}
