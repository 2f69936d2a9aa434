package dev.lamella.extender.decide;

import dev.lamella.core.ledger.PodFact;

/**
 * A pod that was refused on every node and waits.
 *
 * @param since when it was refused first, in milliseconds since the epoch
 */
public record Blocked(PodFact pod, long since) {}
