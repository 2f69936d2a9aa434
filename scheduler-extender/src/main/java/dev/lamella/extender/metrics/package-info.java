/**
 * What the extender measures of itself, of the tenants and of the cluster. Everything is computed
 * from the ledger's snapshots; a scrape asks nobody.
 *
 * <p>Entry points: {@link dev.lamella.extender.metrics.ExtenderMetrics} and {@link
 * dev.lamella.extender.metrics.Accounting}.
 */
package dev.lamella.extender.metrics;
