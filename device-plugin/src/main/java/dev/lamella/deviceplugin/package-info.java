/**
 * The node daemon: finds GPU slices, advertises them to the kubelet, hands out what the scheduler
 * extender assigned, and reports who really holds what.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.DevicePlugin} inside a JVM, {@link
 * dev.lamella.deviceplugin.Main} as a program. Data flows {@code inventory -> allocation ->
 * kubelet}, and back from {@code kubelet} and {@code api} through {@code allocation} to {@code
 * report} and {@code metrics}; this package ties them together and decides nothing.
 */
package dev.lamella.deviceplugin;
