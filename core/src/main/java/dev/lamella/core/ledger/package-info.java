/**
 * Who holds what: a fold over what was seen in the cluster, and immutable snapshots of it.
 *
 * <p>Entry points: {@link dev.lamella.core.ledger.Ledger}, fed with {@link
 * dev.lamella.core.ledger.Event}s by one owner, and {@link dev.lamella.core.ledger.Snapshot}, read
 * by anybody.
 */
package dev.lamella.core.ledger;
