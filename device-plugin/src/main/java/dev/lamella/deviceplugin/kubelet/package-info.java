/**
 * The kubelet over its unix sockets: a device plugin for each pool, its registration, and what
 * pod-resources show.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.kubelet.KubeletSession}, {@link
 * dev.lamella.deviceplugin.kubelet.Readings}, both over {@link
 * dev.lamella.deviceplugin.kubelet.UnixSockets}.
 */
package dev.lamella.deviceplugin.kubelet;
