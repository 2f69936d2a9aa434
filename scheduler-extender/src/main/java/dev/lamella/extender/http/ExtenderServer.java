package dev.lamella.extender.http;

import dev.lamella.extender.access.Guard;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.config.Limits;
import dev.lamella.extender.tls.KeyPem;
import io.prometheus.client.CollectorRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server. */
public final class ExtenderServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExtenderServer.class);

  /** Longer than Go's clients keep a connection that nobody uses: they should close it first. */
  private static final Duration IDLE = Duration.ofSeconds(120);

  private static final int THREADS = 16;

  private final Server server;
  private final ServerConnector connector;
  private final Turns turns;
  private final Duration stopLimit;
  private final Optional<ServerTls> tls;

  private ExtenderServer(
      Server server,
      ServerConnector connector,
      Turns turns,
      Duration stopLimit,
      Optional<ServerTls> tls) {
    this.server = server;
    this.connector = connector;
    this.turns = turns;
    this.stopLimit = stopLimit;
    this.tls = tls;
  }

  /**
   * What a server has besides its endpoints.
   *
   * @param guard who may ask what
   * @param keys for HTTPS; empty: plain HTTP
   * @param keysEvery how often the keys are asked for
   * @param registry where it shows what it measures
   */
  public record Surroundings(
      Guard guard,
      Optional<Supplier<KeyPem>> keys,
      Duration keysEvery,
      CollectorRegistry registry) {

    public static Surroundings of(
        Guard guard, Optional<Supplier<KeyPem>> keys, CollectorRegistry registry) {
      return new Surroundings(guard, keys, ServerTls.EVERY, registry);
    }
  }

  /**
   * Serves, open to all, by plain HTTP.
   *
   * @throws IllegalStateException if the address cannot be had
   */
  public static ExtenderServer start(
      InetSocketAddress address, ExtenderConfig config, List<Endpoint> endpoints) {
    Surroundings plain = Surroundings.of(Guard.open(), Optional.empty(), new CollectorRegistry());
    return start(address, config, endpoints, plain);
  }

  /**
   * Serves.
   *
   * @throws IllegalStateException if the address cannot be had, or the keys cannot be used
   */
  public static ExtenderServer start(
      InetSocketAddress address,
      ExtenderConfig config,
      List<Endpoint> endpoints,
      Surroundings around) {
    Limits limits = config.limits();
    Optional<ServerTls> tls = around.keys().map(s -> new ServerTls(s, around.keysEvery()));
    if (config.access().verbsByCertificate()
        && !tls.map(ServerTls::asksForCertificates).orElse(false)) {
      tls.ifPresent(ServerTls::close);
      throw new IllegalStateException(
          "access.verbs is clientCertificate, but no client authorities are given");
    }
    Server server = new Server(threads());
    ServerConnector connector = connector(server, address, limits, tls);
    Connections connections = new Connections(limits.maxConnections());
    connector.addBean(connections);
    Turns turns = new Turns(limits);
    BodyBudget budget = new BodyBudget(limits.maxBodiesBytes());
    ServerMetrics metrics = new ServerMetrics();
    metrics.register(around.registry(), turns, budget, connections);
    tls.ifPresent(t -> t.register(around.registry()));
    Duration stopLimit = Duration.ofSeconds(limits.requestSeconds() + 2L);
    server.setStopTimeout(stopLimit.toMillis());
    server.setErrorHandler(new PlainErrors(metrics));
    server.setHandler(
        new GracefulHandler(
            new Intake(
                new Routes(endpoints),
                limits,
                around.guard(),
                turns,
                budget,
                connections,
                metrics)));
    try {
      server.start();
    } catch (Exception e) {
      turns.close();
      tls.ifPresent(ServerTls::close);
      throw new IllegalStateException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
    return new ExtenderServer(server, connector, turns, stopLimit, tls);
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("extender");
    threads.setDaemon(true);
    return threads;
  }

  private static ServerConnector connector(
      Server server, InetSocketAddress address, Limits limits, Optional<ServerTls> tls) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(limits.maxHeaderKiB() << 10);
    // Longer than a request may take, so that it is the request's own limit that is told.
    http.setIdleTimeout(1000L * (limits.bodySeconds() + limits.requestSeconds() + 5));
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ServerConnector connector;
    if (tls.isPresent()) {
      // Clients check whom they talk to; a server that refuses other names helps nobody here.
      http.addCustomizer(new SecureRequestCustomizer(false));
      SslConnectionFactory ssl = new SslConnectionFactory(tls.get().context(), plain.getProtocol());
      connector = new ServerConnector(server, ssl, plain);
    } else {
      connector = new ServerConnector(server, plain);
    }
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(IDLE.toMillis());
    connector.setShutdownIdleTimeout(100);
    server.addConnector(connector);
    return connector;
  }

  /** Where it serves. */
  public URI uri() {
    String scheme = tls.isPresent() ? "https" : "http";
    return URI.create(scheme + "://" + connector.getHost() + ":" + connector.getLocalPort());
  }

  /** Why the TLS keys in use are not the newest; empty if they are. */
  public Optional<String> tlsTrouble() {
    return tls.flatMap(ServerTls::trouble);
  }

  /** Stops: no new connections and requests; those under way are answered first. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (TimeoutException e) {
      // It has stopped all the same: what was still open then has been closed.
      LOG.warn("the server stopped with connections open");
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop: " + e.getMessage(), e);
    } finally {
      turns.finish(stopLimit);
      turns.close();
      tls.ifPresent(ServerTls::close);
    }
  }
}
