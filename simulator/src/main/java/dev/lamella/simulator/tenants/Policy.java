package dev.lamella.simulator.tenants;

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

  boolean reclaims() {
    return this == LAMELLA;
  }
}
