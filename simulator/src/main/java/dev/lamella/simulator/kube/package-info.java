/**
 * What the simulated kubelet and scheduler both know of Kubernetes.
 *
 * <p>Entry points: {@link dev.lamella.simulator.kube.KubeClient}, the calls they make; {@link
 * dev.lamella.simulator.kube.PodRequests}, how a pod's requests are counted.
 */
package dev.lamella.simulator.kube;
