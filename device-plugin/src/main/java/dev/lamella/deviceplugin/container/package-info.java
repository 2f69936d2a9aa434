/**
 * What a container is given so that it sees its slices and no others, as NVIDIA's device plugin
 * gives it.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.container.Injector}, told how by {@link
 * dev.lamella.deviceplugin.container.Delivery}.
 */
package dev.lamella.deviceplugin.container;
