/**
 * Makes the JVM warm before kube-scheduler asks.
 *
 * <p>Entry point: {@link dev.lamella.extender.rehearsal.Rehearsal}.
 */
package dev.lamella.extender.rehearsal;
