/**
 * The API server, in the little that a node needs of it: a metadata-only watch of its own pods, and
 * its GpuNode. No informers: they cost 30-60 MB on every node.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.api.ApiServer}, {@link
 * dev.lamella.deviceplugin.api.PodWatch}, {@link dev.lamella.deviceplugin.api.GpuNodeObject}.
 */
package dev.lamella.deviceplugin.api;
