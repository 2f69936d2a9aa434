/**
 * The slices given to a pod, and the text in which they ride on it.
 *
 * <p>Entry point: {@link dev.lamella.core.assignment.Assignment}.
 */
package dev.lamella.core.assignment;
