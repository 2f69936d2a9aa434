/**
 * Which device a container gets, and what it may not get. Pure logic: no gRPC, no Kubernetes, no
 * NVML, no clock of its own.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.allocation.AllocationBook}, which owns what is
 * known, and {@link dev.lamella.deviceplugin.allocation.Catalogue}, which says what there is.
 */
package dev.lamella.deviceplugin.allocation;
