/**
 * Tenants under overload, simulated in virtual time on the core that the extender runs: pods come
 * and go, quota and placement decide, reclaim evicts, and invariants are checked after every event.
 *
 * <p>Entry points: {@link dev.lamella.simulator.trace.tenants.TenantsPreset} for {@code simulate},
 * {@link dev.lamella.simulator.trace.tenants.Overload} for one run.
 */
package dev.lamella.simulator.trace.tenants;
