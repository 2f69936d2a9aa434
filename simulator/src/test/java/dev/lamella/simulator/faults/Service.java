package dev.lamella.simulator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** What the chart's Service does: forwards to a pod that carries the leader's label. */
final class Service implements AutoCloseable {

  private final Bed bed;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, URI> replicas = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  Service(Bed bed) throws IOException {
    this.bed = bed;
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::forward);
    server.start();
  }

  void replica(String pod, URI uri) {
    replicas.put(pod, uri);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Pods that carry the label. */
  List<String> leaders() throws Exception {
    List<String> leaders = new ArrayList<>();
    for (JsonNode pod : bed.get("/api/v1/namespaces/kube-system/pods").path("items")) {
      if (pod.at("/metadata/labels/lamella.dev~1leader").asText().equals("true")) {
        leaders.add(pod.at("/metadata/name").asText());
      }
    }
    return leaders;
  }

  private void forward(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    try (exchange) {
      List<String> leaders = leaders();
      if (leaders.isEmpty()) {
        exchange.sendResponseHeaders(502, -1);
        return;
      }
      String one = leaders.get(turn.getAndIncrement() % leaders.size());
      URI uri = replicas.get(one).resolve(exchange.getRequestURI().getPath());
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(uri)
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (IOException e) {
      exchange.sendResponseHeaders(502, -1);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
