/**
 * The node's report: who really holds what, as GpuNode's status.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.report.NodeFacts} to build it, {@link
 * dev.lamella.deviceplugin.report.Publisher} to write it.
 */
package dev.lamella.deviceplugin.report;
