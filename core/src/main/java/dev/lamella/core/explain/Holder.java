package dev.lamella.core.explain;

/**
 * Who holds a slice, or part of it.
 *
 * @param tenant whose pod it is
 * @param namespace null if the viewer may not see the pod
 * @param name null if the viewer may not see the pod
 * @param shares how many shares; 0 for the whole slice
 * @param reserved whether the slice is only being kept for it, until others have gone
 * @param leaving whether it is terminating, or gone and not yet reported so
 * @param borrowing whether it stands above its tenant's guarantee
 * @param reclaim what it is to the pod that asks; null if that is not in question
 */
public record Holder(
    String tenant,
    String namespace,
    String name,
    int shares,
    boolean reserved,
    boolean leaving,
    boolean borrowing,
    String reclaim) {}
