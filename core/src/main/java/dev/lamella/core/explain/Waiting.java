package dev.lamella.core.explain;

import dev.lamella.core.ledger.PodFact;
import java.util.Optional;

/**
 * A pod that waits for slices.
 *
 * @param offer what kube-scheduler asked last; empty if it was not refused
 */
public record Waiting(PodFact pod, Optional<Offer> offer) {}
