/**
 * A kubelet as device plugins and the scheduler see it: the device manager with its registration
 * socket, pod admission, the node's status, and the pod-resources socket.
 *
 * <p>Entry points: {@link dev.lamella.simulator.kubelet.Kubelet} and its {@link
 * dev.lamella.simulator.kubelet.KubeletOptions}. {@link
 * dev.lamella.simulator.kubelet.ContainerSettings} is what a container would have been started
 * with.
 */
package dev.lamella.simulator.kubelet;
