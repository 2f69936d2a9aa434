/**
 * A scheduler that is to an extender what kube-scheduler is: the same calls in the same order, the
 * same queue with its backoff, the same words in conditions and events.
 *
 * <p>Entry points: {@link dev.lamella.simulator.scheduler.SchedulerLoop}, {@link
 * dev.lamella.simulator.scheduler.SchedulerOptions}, {@link
 * dev.lamella.simulator.scheduler.ExtenderOptions}.
 */
package dev.lamella.simulator.scheduler;
