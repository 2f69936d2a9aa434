/**
 * Who shares the cluster, and by which rules: tenants, what they own and what they were promised.
 *
 * <p>Entry points: {@link dev.lamella.core.tenancy.Tenant} and {@link
 * dev.lamella.core.tenancy.Tenants}.
 */
package dev.lamella.core.tenancy;
