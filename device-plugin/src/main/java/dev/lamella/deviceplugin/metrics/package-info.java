/**
 * What a scrape sees: {@code /metrics}, {@code /healthz} and {@code /readyz}.
 *
 * <p>Entry points: {@link dev.lamella.deviceplugin.metrics.NodeMetrics}, which shows a {@link
 * dev.lamella.deviceplugin.metrics.Picture}, and {@link
 * dev.lamella.deviceplugin.metrics.MetricsServer}.
 */
package dev.lamella.deviceplugin.metrics;
