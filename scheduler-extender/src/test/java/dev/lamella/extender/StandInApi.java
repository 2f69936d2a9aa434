package dev.lamella.extender;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An API server that answers what it was told to, in order, and remembers what it was asked. */
public final class StandInApi implements AutoCloseable {

  /** One answer. */
  public record Answer(int status, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Queue<Answer>> answers = new HashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> credentials = Collections.synchronizedList(new ArrayList<>());

  public StandInApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** The next answer to requests such as "GET /api/v1/pods"; the last one given stays. */
  public synchronized StandInApi on(String request, int status, String body) {
    answers.computeIfAbsent(request, key -> new ArrayDeque<>()).add(new Answer(status, body));
    return this;
  }

  /** Requests such as "GET /api/v1/pods" are answered only once the latch is open. */
  public StandInApi holding(String request, CountDownLatch latch) {
    held.put(request, latch);
    return this;
  }

  /** Every request so far: method, path with query, body. */
  public List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** The Authorization header of every request so far. */
  public List<String> credentials() {
    synchronized (credentials) {
      return List.copyOf(credentials);
    }
  }

  public Path kubeconfig(Path dir) throws IOException {
    return kubeconfig(dir, "");
  }

  /**
   * @param user how the client shows who it is, such as {@code token: abc}
   */
  public Path kubeconfig(Path dir, String user) throws IOException {
    String text =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server.getAddress().getPort(), user);
    return Files.writeString(dir.resolve("kubeconfig"), text);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean watch = String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true");
    String key =
        (watch ? "WATCH" : exchange.getRequestMethod()) + " " + exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    credentials.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    awaitLatch(held.get(key));
    Answer answer = next(key);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      if (latch != null) {
        latch.await(60, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private synchronized Answer next(String key) {
    Queue<Answer> queue = answers.get(key);
    if (queue == null) {
      return new Answer(404, "{\"message\":\"nothing at " + key + "\"}");
    }
    return queue.size() > 1 ? queue.poll() : queue.peek();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
