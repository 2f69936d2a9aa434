package dev.lamella.deviceplugin.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves metrics and probes on one daemon thread. */
public final class MetricsServer implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService thread;

  private MetricsServer(HttpServer server) {
    this.server = server;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread named = new Thread(task, "metrics");
              named.setDaemon(true);
              return named;
            });
  }

  /**
   * @param address port 0 for any free one
   * @param notReady why the daemon is not ready; empty if it is
   * @throws IOException if the address cannot be bound
   */
  public static MetricsServer start(
      InetSocketAddress address, NodeMetrics metrics, Supplier<Optional<String>> notReady)
      throws IOException {
    MetricsServer server = new MetricsServer(HttpServer.create(address, 0));
    server.server.createContext("/metrics", exchange -> server.metrics(exchange, metrics));
    server.server.createContext("/healthz", exchange -> answer(exchange, Optional.empty()));
    server.server.createContext("/readyz", exchange -> answer(exchange, notReady.get()));
    server.server.setExecutor(server.thread);
    server.server.start();
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void metrics(HttpExchange exchange, NodeMetrics metrics) throws IOException {
    StringWriter text = new StringWriter();
    String type = TextFormat.chooseContentType(exchange.getRequestHeaders().getFirst("Accept"));
    TextFormat.writeFormat(type, text, metrics.registry().metricFamilySamples());
    send(exchange, HttpURLConnection.HTTP_OK, type, text.toString());
  }

  private static void answer(HttpExchange exchange, Optional<String> wrong) throws IOException {
    int status = wrong.isEmpty() ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE;
    send(exchange, status, "text/plain; charset=utf-8", wrong.orElse("ok") + "\n");
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }
}
