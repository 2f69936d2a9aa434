/**
 * Whom to evict so that a pod gets what its tenant was promised.
 *
 * <p>Entry point: {@link dev.lamella.core.reclaim.ReclaimPlanner}.
 */
package dev.lamella.core.reclaim;
