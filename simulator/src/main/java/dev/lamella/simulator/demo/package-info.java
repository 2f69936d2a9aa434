/**
 * The demo: an embedded cluster around the two unmodified programs, manifests applied to it, and a
 * report of what was placed where.
 *
 * <p>Entry points: {@link dev.lamella.simulator.demo.DemoMain}, the command line; {@link
 * dev.lamella.simulator.demo.EmbeddedCluster}, the cluster alone.
 */
package dev.lamella.simulator.demo;
