/**
 * How a GPU can be cut: boards, their MIG profiles, and where an instance of each may start.
 *
 * <p>Entry points: {@link dev.lamella.core.geometry.Boards}, {@link
 * dev.lamella.core.geometry.Layout}, and {@link dev.lamella.core.geometry.Occupancy} for fast
 * questions about what is left open.
 */
package dev.lamella.core.geometry;
