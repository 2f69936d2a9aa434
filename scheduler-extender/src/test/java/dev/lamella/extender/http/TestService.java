package dev.lamella.extender.http;

import dev.lamella.core.ledger.Event;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.extender.Await;
import dev.lamella.extender.Cluster;
import dev.lamella.extender.StandInApi;
import dev.lamella.extender.access.ClusterGuard;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.config.Limits;
import dev.lamella.extender.decide.Binder;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.kube.AccessReviews;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.PodBinder;
import dev.lamella.extender.metrics.ExtenderMetrics;
import dev.lamella.extender.tls.KeyPem;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The service in front of a cluster of two nodes, a of two slices and b of one. */
final class TestService implements AutoCloseable {

  final StandInApi api = new StandInApi();
  final LedgerOwner owner = new LedgerOwner();
  final ExtenderServer server;
  private final CollectorRegistry registry;
  private final KubeApi kube;
  private final Binder binder;

  TestService(Path dir, ExtenderConfig config, Endpoint... more) throws IOException {
    this(dir, config, Optional.empty(), more);
  }

  TestService(Path dir, ExtenderConfig config, Optional<Supplier<KeyPem>> keys, Endpoint... more)
      throws IOException {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(1795303295446L), ZoneOffset.UTC);
    kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
    see(Cluster.node("a", 2));
    see(Cluster.node("b", 1));
    Await.until("nodes seen", () -> owner.snapshot().nodes().size() == 2);
    binder = new Binder(owner, new PodBinder(kube), PlacementPolicy.PACK, clock);
    Verbs verbs = new Verbs(owner, PlacementPolicy.PACK, clock);
    ExtenderMetrics metrics =
        new ExtenderMetrics(
            new ExtenderMetrics.Sources(
                owner::snapshot, verbs::blocked, () -> true, () -> true, Map::of, clock));
    registry = metrics.registry();
    List<Endpoint> endpoints = new ArrayList<>(List.of(more));
    endpoints.addAll(new VerbEndpoints(verbs, binder, () -> true, config.limits(), metrics).all());
    endpoints.addAll(new StatusEndpoints(() -> true, metrics.registry(), this::details).all());
    ClusterGuard guard =
        new ClusterGuard(
            config.access(), new AccessReviews(kube, Duration.ofSeconds(5)), Clock.systemUTC());
    server =
        ExtenderServer.start(
            new InetSocketAddress("127.0.0.1", 0),
            config,
            endpoints,
            new ExtenderServer.Surroundings(
                guard, keys, Duration.ofMillis(50), metrics.registry()));
  }

  private List<String> details() {
    return server.tlsTrouble().map(why -> "tls: " + why).stream().toList();
  }

  void see(List<Event> events) {
    events.forEach(owner::accept);
  }

  static ExtenderConfig config(Limits limits) {
    return new ExtenderConfig(null, limits, null, null, null, null, null, null, null);
  }

  /** What /metrics would say. */
  String metrics() {
    try (StringWriter text = new StringWriter()) {
      TextFormat.write004(text, registry.metricFamilySamples());
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri(String path) {
    return server.uri().resolve(path);
  }

  HttpResponse<String> post(HttpClient client, String path, byte[] body) throws Exception {
    return send(
        client,
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<String> post(HttpClient client, String path, String body) throws Exception {
    return post(client, path, body.getBytes(StandardCharsets.UTF_8));
  }

  HttpResponse<String> get(HttpClient client, String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).GET();
    return send(client, headers.length == 0 ? request : request.headers(headers));
  }

  static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(
        request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.close();
    binder.close();
    owner.close();
    kube.close();
    api.close();
  }
}
