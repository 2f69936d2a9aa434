package dev.lamella.extender.http;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What probes and Prometheus ask for. */
public final class StatusEndpoints {

  private final BooleanSupplier ready;
  private final CollectorRegistry registry;

  /**
   * @param ready whether everything that decides has been seen
   */
  public StatusEndpoints(BooleanSupplier ready, CollectorRegistry registry) {
    this.ready = ready;
    this.registry = registry;
  }

  /** {@code /healthz}, {@code /readyz} and {@code /metrics}. */
  public List<Endpoint> all() {
    return List.of(
        Endpoint.of("/healthz", exchange -> exchange.text(200, "ok")),
        Endpoint.of("/readyz", this::readyz),
        Endpoint.of("/metrics", this::metrics));
  }

  private void readyz(Exchange exchange) {
    boolean yes = ready.getAsBoolean();
    exchange.text(
        yes ? 200 : 503,
        yes ? "ok" : "the whole cluster has not been seen yet, or not lately enough");
  }

  private void metrics(Exchange exchange) throws IOException {
    String type = TextFormat.chooseContentType(exchange.request().getHeaders().get("Accept"));
    StringWriter text = new StringWriter();
    TextFormat.writeFormat(type, text, registry.metricFamilySamples());
    exchange.answer(200, type, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
