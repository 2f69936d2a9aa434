/**
 * Who asks, and what they may see: client certificates for kube-scheduler's verbs, tokens for
 * people and Prometheus, permissions by the cluster's own rules.
 *
 * <p>Entry points: {@link dev.lamella.extender.access.Guard}, asked by endpoints, and {@link
 * dev.lamella.extender.access.Access}, which each endpoint names.
 */
package dev.lamella.extender.access;
