/**
 * {@code lamella inspect}, also {@code kubectl lamella}: who uses which slice, and why a pod waits,
 * from the API server and the extender, with the user's own rights. Reads and changes nothing.
 *
 * <p>Entry point: {@link dev.lamella.extender.inspect.Inspect}.
 */
package dev.lamella.extender.inspect;
