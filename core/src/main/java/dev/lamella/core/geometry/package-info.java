/**
 * How a GPU can be cut: boards, their MIG profiles, and where an instance of each may start.
 *
 * <p>Entry points: {@link dev.lamella.core.geometry.Boards} and {@link
 * dev.lamella.core.geometry.Layout}.
 */
package dev.lamella.core.geometry;
