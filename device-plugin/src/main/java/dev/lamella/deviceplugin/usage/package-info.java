/**
 * How much of the slices is used, and by which pods. Measured on the driver's thread, read from
 * memory by everybody else.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.usage.Sampler}, whose result is a {@link
 * dev.lamella.deviceplugin.usage.Sample}; {@link dev.lamella.deviceplugin.usage.ShareBudgets} says
 * which pods use more than their shares are worth; {@link
 * dev.lamella.deviceplugin.usage.MeasuredNvml} times the calls.
 */
package dev.lamella.deviceplugin.usage;
