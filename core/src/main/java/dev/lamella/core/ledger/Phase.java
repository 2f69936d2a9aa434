package dev.lamella.core.ledger;

/** A pod's phase, as far as it matters to who holds what. */
public enum Phase {
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED,
  /**
   * Failed before any container of it ran: what its node handed out, or why it refused, only the
   * node's report tells.
   */
  REFUSED;

  /** Whether the pod will never run again. */
  public boolean terminal() {
    return this == SUCCEEDED || this == FAILED || this == REFUSED;
  }
}
