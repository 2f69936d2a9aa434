package dev.lamella.extender.http;

import dev.lamella.extender.config.ExtenderConfig;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server. */
public final class ExtenderServer implements AutoCloseable {

  private static final long STOP_MILLIS = 5_000;

  private final Server server;
  private final ServerConnector connector;

  private ExtenderServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Serves.
   *
   * @throws IllegalStateException if the address cannot be had
   */
  public static ExtenderServer start(
      InetSocketAddress address, ExtenderConfig config, List<Endpoint> endpoints) {
    QueuedThreadPool threads = new QueuedThreadPool(config.maxConcurrentRequests() + 8);
    threads.setName("extender");
    threads.setDaemon(true);
    Server server = new Server(threads);
    server.setStopTimeout(STOP_MILLIS);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    server.setHandler(new Routes(endpoints));
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
    return new ExtenderServer(server, connector);
  }

  /** Where it serves. */
  public URI uri() {
    return URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop: " + e.getMessage(), e);
    }
  }
}
