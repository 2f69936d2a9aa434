/**
 * Two replicas, one leader: {@link dev.lamella.extender.leader.Leadership} holds the Lease and
 * takes over, {@link dev.lamella.extender.leader.Gate} keeps kube-scheduler out while this replica
 * may not decide.
 */
package dev.lamella.extender.leader;
