package dev.lamella.extender.http;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;

/** What the server measures of itself. */
final class ServerMetrics {

  private final Counter refused =
      Counter.build(
              "lamella_extender_refused_requests_total", "Requests refused, by the HTTP status.")
          .labelNames("status")
          .create();

  void refused(int status) {
    refused.labels(Integer.toString(status)).inc();
  }

  /** Shows them, with the gauges of what they are about. */
  void register(
      CollectorRegistry registry, Turns turns, BodyBudget budget, Connections connections) {
    registry.register(refused);
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return List.of(
                new GaugeMetricFamily(
                    "lamella_extender_requests_running",
                    "Requests worked on now.",
                    turns.running()),
                new GaugeMetricFamily(
                    "lamella_extender_requests_waiting",
                    "Requests that wait for their turn.",
                    turns.waiting()),
                new GaugeMetricFamily(
                    "lamella_extender_connections", "Open connections.", connections.count()),
                new GaugeMetricFamily(
                    "lamella_extender_body_bytes",
                    "Memory that bodies of requests take now.",
                    budget.taken()));
          }
        });
  }
}
