package dev.lamella.core.ledger;

import dev.lamella.core.assignment.Held;
import java.util.List;
import java.util.Objects;

/**
 * Slices kept for a pod until whoever holds them has gone. It counts as usage.
 *
 * @param node where
 * @param held what it will get
 */
public record Reservation(String node, List<Held> held) {

  public Reservation {
    Objects.requireNonNull(node, "node");
    held = List.copyOf(held);
  }
}
