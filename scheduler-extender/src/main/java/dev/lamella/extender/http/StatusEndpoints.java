package dev.lamella.extender.http;

import dev.lamella.extender.access.Access;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What probes and Prometheus ask for. */
public final class StatusEndpoints {

  private final BooleanSupplier ready;
  private final CollectorRegistry registry;
  private final Supplier<List<String>> details;

  /**
   * @param ready whether everything that decides has been seen
   */
  public StatusEndpoints(BooleanSupplier ready, CollectorRegistry registry) {
    this(ready, registry, List::of);
  }

  /**
   * @param ready whether everything that decides has been seen
   * @param details what is not as it should be, without making it unready
   */
  public StatusEndpoints(
      BooleanSupplier ready, CollectorRegistry registry, Supplier<List<String>> details) {
    this.ready = ready;
    this.registry = registry;
    this.details = details;
  }

  /** {@code /healthz}, {@code /readyz} and {@code /metrics}. */
  public List<Endpoint> all() {
    return List.of(
        Endpoint.of("/healthz", Access.PROBE, exchange -> exchange.text(200, "ok")),
        Endpoint.of("/readyz", Access.PROBE, this::readyz),
        Endpoint.of("/metrics", Access.METRICS, this::metrics));
  }

  private void readyz(Exchange exchange) {
    boolean yes = ready.getAsBoolean();
    List<String> lines = new ArrayList<>();
    lines.add(yes ? "ok" : "the whole cluster has not been seen yet, or not lately enough");
    lines.addAll(details.get());
    exchange.text(yes ? 200 : 503, String.join("\n", lines));
  }

  private void metrics(Exchange exchange) throws IOException {
    String type = TextFormat.chooseContentType(exchange.request().getHeaders().get("Accept"));
    StringWriter text = new StringWriter();
    TextFormat.writeFormat(type, text, registry.metricFamilySamples());
    exchange.answer(200, type, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
