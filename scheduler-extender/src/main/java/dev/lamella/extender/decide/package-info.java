/**
 * Answers kube-scheduler from the ledger. One thread owns the ledger; filter and prioritize read
 * its snapshots and commit nothing; bind alone reserves.
 */
package dev.lamella.extender.decide;
