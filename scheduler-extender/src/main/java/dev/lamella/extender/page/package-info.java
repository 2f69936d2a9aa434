/**
 * The live map: a page, and the events that keep it up to date.
 *
 * <p>Frames are numbered states of the cluster. A listener is sent what changed since the frame it
 * has; who has none, or one too old, is sent everything. Both are the same: the whole is what
 * changed since the beginning.
 *
 * <p>Entry point: {@link dev.lamella.extender.page.PageEndpoints}.
 */
package dev.lamella.extender.page;
