/**
 * Whether a tenant may have more.
 *
 * <p>Entry point: {@link dev.lamella.core.quota.QuotaCheck}.
 */
package dev.lamella.core.quota;
