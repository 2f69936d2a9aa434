/**
 * The scheduler extender: which pod gets which slice.
 *
 * <p>Entry points: {@link dev.lamella.extender.Main} on the command line, {@link
 * dev.lamella.extender.SchedulerExtender} inside another program. Data flows one way: {@code kube}
 * watches, {@code decide} folds what was seen into the ledger and answers from it, {@code wire}
 * speaks kube-scheduler's JSON, {@code http} serves.
 */
package dev.lamella.extender;
