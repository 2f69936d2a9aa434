/**
 * What the node has: NVML's answers as GPUs and slices.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.inventory.Discovery}, repeated by {@link
 * dev.lamella.deviceplugin.inventory.DriverLoop}, and its result, {@link
 * dev.lamella.deviceplugin.inventory.Inventory}; {@link
 * dev.lamella.deviceplugin.inventory.NvmlSource} says where NVML comes from.
 */
package dev.lamella.deviceplugin.inventory;
