/**
 * The node daemon as the kubelet, the driver and the API server meet it: a process with the JVM
 * flags of production, real unix sockets, and a stand-in for NVIDIA's library that a file drives.
 *
 * <p>Entry point: {@link dev.lamella.deviceplugin.conformance.Host}.
 */
package dev.lamella.deviceplugin.conformance;
