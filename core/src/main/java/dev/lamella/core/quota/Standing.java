package dev.lamella.core.quota;

import dev.lamella.core.reason.Reason;

/** How a pod would stand with its tenant's quota. */
public sealed interface Standing {

  /** Within the tenant's guarantee. */
  record Guaranteed() implements Standing {}

  /** Above it, on capacity that nobody was promised. */
  record Borrowing() implements Standing {}

  /** Not now. */
  record Refused(Reason reason) implements Standing {}
}
