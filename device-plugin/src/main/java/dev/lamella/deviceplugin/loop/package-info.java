/**
 * Threads that do one thing when asked to, and end when told.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.loop.Loop}.
 */
package dev.lamella.deviceplugin.loop;
