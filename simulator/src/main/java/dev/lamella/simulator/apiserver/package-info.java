/**
 * A small Kubernetes API server in this process: REST and watches over plain HTTP on the loopback
 * interface, objects as JSON trees, and the server-side rules that Lamella's programs rely on.
 *
 * <p>Entry points: {@link dev.lamella.simulator.apiserver.EmbeddedApiServer}, {@link
 * dev.lamella.simulator.apiserver.ApiServerOptions} and {@link
 * dev.lamella.simulator.apiserver.Faults}. What differs from the real server stands in
 * docs/decisions/embedded-cluster.md.
 */
package dev.lamella.simulator.apiserver;
