/**
 * What the node has: NVML's answers as GPUs and slices.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.inventory.Discovery}, repeated by {@link
 * dev.lamella.deviceplugin.inventory.DriverLoop}, and its result, {@link
 * dev.lamella.deviceplugin.inventory.Inventory}; {@link
 * dev.lamella.deviceplugin.inventory.NvmlSource} says where NVML comes from, {@link
 * dev.lamella.deviceplugin.inventory.Measuring} who may read more of it.
 */
package dev.lamella.deviceplugin.inventory;
