package dev.lamella.extender.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;

/** Metric families under way, in the order in which they were begun. */
final class Families {

  private final List<MetricFamilySamples> all = new ArrayList<>();

  GaugeMetricFamily gauge(String name, String help, String... labels) {
    GaugeMetricFamily family = new GaugeMetricFamily("lamella_" + name, help, List.of(labels));
    all.add(family);
    return family;
  }

  /**
   * @param name without {@code _total}
   */
  CounterMetricFamily counter(String name, String help, String... labels) {
    CounterMetricFamily family = new CounterMetricFamily("lamella_" + name, help, List.of(labels));
    all.add(family);
    return family;
  }

  List<MetricFamilySamples> all() {
    return all;
  }
}
