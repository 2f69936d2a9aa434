/**
 * The command line.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.cli.Flags}, which yields {@link
 * dev.lamella.deviceplugin.cli.Options}.
 */
package dev.lamella.deviceplugin.cli;
