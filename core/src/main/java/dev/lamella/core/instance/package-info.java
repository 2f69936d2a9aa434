/**
 * Which GPU and which start a new instance gets.
 *
 * <p>Entry points: {@link dev.lamella.core.instance.InstancePlacer}, the one verb, and {@link
 * dev.lamella.core.instance.InstancePolicies}, what it may prefer. Everything here is a function of
 * its arguments; {@link dev.lamella.core.instance.ObservedMix} is a value too.
 */
package dev.lamella.core.instance;
