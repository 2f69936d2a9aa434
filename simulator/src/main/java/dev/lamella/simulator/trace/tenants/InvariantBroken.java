package dev.lamella.simulator.trace.tenants;

/** Something happened that must never happen. */
final class InvariantBroken extends IllegalStateException {

  private static final long serialVersionUID = 1;

  /**
   * @param invariant its name
   * @param detail what was found
   */
  InvariantBroken(String invariant, Object detail) {
    super(invariant + ": " + detail);
  }

  InvariantBroken(long seed, Policy policy, long at, RuntimeException cause) {
    super(
        "seed %d, policy %s, after %d ms: %s"
            .formatted(seed, policy.text(), at, cause.getMessage()),
        cause);
  }
}
