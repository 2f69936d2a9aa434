/**
 * What the operator asks for: the flags' values and the configuration file.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.config.Settings}, {@link
 * dev.lamella.deviceplugin.config.SettingsFile}.
 */
package dev.lamella.deviceplugin.config;
