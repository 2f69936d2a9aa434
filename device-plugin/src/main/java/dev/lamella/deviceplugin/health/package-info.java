/**
 * Which of the node's slices can be trusted with work, and why not. Pure: no thread, no clock, no
 * call.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.health.Continuity} for what went away, {@link
 * dev.lamella.deviceplugin.health.Faults} for what the driver reported.
 */
package dev.lamella.deviceplugin.health;
