package dev.lamella.simulator.trace.tenants;

import java.util.Arrays;

/** What is done for a pod that does not fit. */
public enum Policy {
  /** What the product does: sharing, borrowing, reclaim. */
  LAMELLA("lamella"),
  /** Sharing and borrowing, but what is lent comes back only when its borrower ends. */
  NO_RECLAIM("no-reclaim"),
  /** Each tenant has nodes of its own, in proportion to what it may expect, and nothing is lent. */
  STATIC_PARTITION("static-partition");

  private final String text;

  Policy(String text) {
    this.text = text;
  }

  /** As {@code --policy} spells it. */
  public String text() {
    return text;
  }

  /**
   * The policy of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Policy named(String text) {
    return Arrays.stream(values())
        .filter(policy -> policy.text.equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no policy " + text));
  }

  boolean reclaims() {
    return this == LAMELLA;
  }
}
