/**
 * Which slice a pod gets.
 *
 * <p>Entry point: {@link dev.lamella.core.placement.PodPlacer}.
 */
package dev.lamella.core.placement;
