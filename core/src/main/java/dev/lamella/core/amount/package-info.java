/**
 * Exact quantities of compute and memory.
 *
 * <p>Entry points: {@link dev.lamella.core.amount.Amount} and {@link dev.lamella.core.amount.Cap}.
 */
package dev.lamella.core.amount;
