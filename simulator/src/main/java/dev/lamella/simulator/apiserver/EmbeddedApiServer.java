package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A Kubernetes API server in this process, over plain HTTP on the loopback interface, without
 * authentication. It starts with the namespaces default, kube-system, kube-public and
 * kube-node-lease, and forgets everything when it is closed.
 */
public final class EmbeddedApiServer implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";
  private static final int MAX_THREADS = 256;
  private static final List<String> NAMESPACES =
      List.of("default", "kube-node-lease", "kube-public", "kube-system");

  private final Server server;
  private final ServerConnector connector;
  private final Store store;
  private final GarbageCollector collector;

  private EmbeddedApiServer(ApiServerOptions options) {
    store = new Store(ResourceTypes.ALL, options.history());
    Identities identities = new Identities(options.clock(), options.seed());
    collector = new GarbageCollector(store, new Deletion(store, identities));
    Objects objects = new Objects(store, new Admission(store), identities);
    NAMESPACES.forEach(name -> namespace(objects, name));
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("api-server");
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(LOOPBACK);
    connector.setPort(options.port());
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.setHandler(
        new ApiHandler(new Rest(store, identities), new Watches(store), options.faults()));
  }

  /**
   * Starts a server.
   *
   * @param port on the loopback interface; 0 takes a free one
   * @throws UncheckedIOException if the port cannot be had
   */
  public static EmbeddedApiServer start(int port) {
    return start(ApiServerOptions.defaults().withPort(port));
  }

  /**
   * Starts a server.
   *
   * @throws UncheckedIOException if the port cannot be had
   */
  public static EmbeddedApiServer start(ApiServerOptions options) {
    EmbeddedApiServer embedded = new EmbeddedApiServer(options);
    try {
      embedded.server.start();
      embedded.collector.start();
      return embedded;
    } catch (Exception e) {
      embedded.close();
      throw new UncheckedIOException(
          new IOException("no API server on %s:%d".formatted(LOOPBACK, options.port()), e));
    }
  }

  /** Where it listens, such as {@code http://127.0.0.1:40123}. */
  public URI uri() {
    return URI.create("http://" + LOOPBACK + ":" + connector.getLocalPort());
  }

  /** A kubeconfig, in YAML, that leads here. */
  public String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: embedded
          cluster: {server: "%s"}
        users:
        - name: embedded
          user: {}
        contexts:
        - name: embedded
          context: {cluster: embedded, user: embedded}
        current-context: embedded
        """
        .formatted(uri());
  }

  /** Writes {@link #kubeconfig} to a file. */
  public Path writeKubeconfig(Path file) throws IOException {
    return Files.writeString(file, kubeconfig());
  }

  @Override
  public void close() {
    store.close();
    collector.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the API server did not stop", e);
    }
  }

  private static void namespace(Objects objects, String name) {
    ObjectNode namespace = JsonNodeFactory.instance.objectNode();
    namespace.putObject("metadata").put("name", name);
    objects.create(new Target(ResourceTypes.NAMESPACES, "", "", ""), namespace);
  }
}
