/**
 * What charts/lamella renders, with Helm 3 as a library: {@link dev.lamella.charts.Rendered} for
 * each set of values in src/test/values. Helm 4 and a real API server get the same sets in e2e.
 */
package dev.lamella.charts;
