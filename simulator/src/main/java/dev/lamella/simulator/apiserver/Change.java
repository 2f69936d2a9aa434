package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One change of one object.
 *
 * @param version the resourceVersion that the change made
 * @param nanos when, by {@link System#nanoTime}
 * @param before null if the object was created
 * @param after null if it was removed
 */
record Change(long version, long nanos, ObjectNode before, ObjectNode after) {}
