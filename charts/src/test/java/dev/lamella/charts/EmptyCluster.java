package dev.lamella.charts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cluster that has nothing but the Secrets that a test puts there. Helm as a library asks the
 * cluster of $KUBECONFIG wherever a template says {@code lookup}, also when it only renders.
 */
final class EmptyCluster {

  private static final String API =
      "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":[{\"name\":\"secrets\","
          + "\"singularName\":\"secret\",\"namespaced\":true,\"kind\":\"Secret\","
          + "\"verbs\":[\"get\",\"list\"]}]}";
  private static final String MISSING =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\","
          + "\"code\":404}";

  private static final Map<String, String> SECRETS = new ConcurrentHashMap<>();

  private EmptyCluster() {}

  /** Starts it, once in a JVM; $KUBECONFIG names the file that then leads to it. */
  static void start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", EmptyCluster::answer);
      server.start();
      Path kubeconfig = Path.of(System.getenv("KUBECONFIG"));
      Files.createDirectories(kubeconfig.getParent());
      Files.writeString(kubeconfig, kubeconfig(server.getAddress().getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the namespace of the release has from now on; null for nothing. */
  static void secret(String name, String json) {
    if (json == null) {
      SECRETS.remove(name);
    } else {
      SECRETS.put(name, json);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String found =
        path.equals("/api/v1") ? API : SECRETS.get(path.substring(path.lastIndexOf('/') + 1));
    byte[] body = (found == null ? MISSING : found).getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(found == null ? 404 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String kubeconfig(int port) {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: empty, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: empty, context: {cluster: empty, user: nobody}}]
        users: [{name: nobody, user: {}}]
        current-context: empty
        """
        .formatted(port);
  }
}
