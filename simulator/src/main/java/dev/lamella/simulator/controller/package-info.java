/**
 * The part of Kubernetes' controllers that makes pods: Deployments through ReplicaSets, and Jobs,
 * with upstream's names and owner references. Each round reads everything, decides, and applies;
 * nothing is remembered between rounds.
 *
 * <p>Entry point: {@link dev.lamella.simulator.controller.DeploymentController}.
 */
package dev.lamella.simulator.controller;
