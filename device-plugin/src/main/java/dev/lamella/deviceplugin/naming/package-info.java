/**
 * Under which resource's name each slice is offered. Pure.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.naming.Naming}, by a {@link
 * dev.lamella.deviceplugin.naming.MigStrategy}.
 */
package dev.lamella.deviceplugin.naming;
