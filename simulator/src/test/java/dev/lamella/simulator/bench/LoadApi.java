package dev.lamella.simulator.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of an API server as a load run needs: lists in pages, watches that stream, binds that
 * take their time and come back as events. Nothing is stored but what is listed.
 */
final class LoadApi implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern LIMIT = Pattern.compile("limit=(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("continue=(\\d+)");
  private static final byte[] END = {};
  private static final long BOOKMARK_SECONDS = 5;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, List<String>> lists;
  private final Map<String, BlockingQueue<byte[]>> watches = new ConcurrentHashMap<>();
  private final long bindMillis;
  private final AtomicLong version = new AtomicLong(10_000_000);
  private final AtomicInteger listing;
  private volatile long lastListEnded;
  private volatile long firstRequest;

  /**
   * @param lists the objects of each path
   * @param bindMillis how long a bind takes
   */
  LoadApi(Map<String, List<String>> lists, long bindMillis) throws IOException {
    this.lists = lists;
    this.bindMillis = bindMillis;
    this.listing = new AtomicInteger(lists.size());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  Path kubeconfig(Path dir) throws IOException {
    return Files.writeString(
        dir.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: t}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server.getAddress().getPort()));
  }

  /** When the first request came, on the clock of System.nanoTime; 0 before. */
  long firstRequest() {
    return firstRequest;
  }

  /** When the last byte of the last list was written; 0 before. */
  long listsEnded() {
    return listing.get() <= 0 ? lastListEnded : 0;
  }

  /** Whether every list is followed by a watch. */
  boolean watched() {
    return watches.keySet().containsAll(lists.keySet());
  }

  long nextVersion() {
    return version.incrementAndGet();
  }

  /** Tells a watch. */
  void event(String path, String type, String object) {
    String event = "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    watches.get(path).add(event.getBytes(StandardCharsets.UTF_8));
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (firstRequest == 0) {
      firstRequest = System.nanoTime();
    }
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      if (path.endsWith("/binding")) {
        bind(exchange);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        exchange.getRequestBody().readAllBytes();
        answer(exchange, 200, "{}");
      } else if (!lists.containsKey(path)) {
        answer(exchange, 404, "{\"message\":\"not here\"}");
      } else if (query.contains("watch=")) {
        watch(exchange, path);
      } else {
        list(exchange, path, query);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void list(HttpExchange exchange, String path, String query) throws IOException {
    List<String> all = lists.get(path);
    int from = number(CONTINUE, query, 0);
    int to = Math.min(all.size(), from + number(LIMIT, query, Integer.MAX_VALUE - from));
    boolean last = to == all.size();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
      out.write(
          "{\"metadata\":{\"resourceVersion\":\"%d\",\"continue\":\"%s\"},\"items\":["
              .formatted(version.get(), last ? "" : to)
              .getBytes(StandardCharsets.UTF_8));
      for (int i = from; i < to; i++) {
        out.write((i == from ? "" : ",").getBytes(StandardCharsets.UTF_8));
        out.write(all.get(i).getBytes(StandardCharsets.UTF_8));
      }
      out.write("]}".getBytes(StandardCharsets.UTF_8));
    }
    if (last) {
      lastListEnded = System.nanoTime();
      listing.decrementAndGet();
    }
  }

  private static int number(Pattern pattern, String query, int otherwise) {
    Matcher matcher = pattern.matcher(query);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
  }

  private void watch(HttpExchange exchange, String path) throws IOException, InterruptedException {
    BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
    watches.put(path, events);
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.flush();
    for (byte[] next = next(events); next != END; next = next(events)) {
      out.write(next);
      if (events.isEmpty()) {
        out.flush();
      }
    }
  }

  /** The next event; where nothing happens a bookmark, so that the watch does not count as dead. */
  private byte[] next(BlockingQueue<byte[]> events) throws InterruptedException {
    byte[] next = events.poll(BOOKMARK_SECONDS, TimeUnit.SECONDS);
    return next != null
        ? next
        : "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"%d\"}}}\n"
            .formatted(version.get())
            .getBytes(StandardCharsets.UTF_8);
  }

  /** The pod's resource stands in its name: the double keeps no pods. */
  private void bind(HttpExchange exchange) throws IOException, InterruptedException {
    JsonNode binding = JSON.readTree(exchange.getRequestBody());
    Thread.sleep(bindMillis);
    JsonNode metadata = binding.get("metadata");
    String annotations = metadata.get("annotations").toString();
    String name = metadata.get("name").asText();
    event(
        "/api/v1/pods",
        "MODIFIED",
        LoadObjects.bound(
            metadata.get("namespace").asText(),
            name,
            name.startsWith("w") ? LoadObjects.WHOLE : LoadObjects.SHARED,
            nextVersion(),
            annotations.substring(1, annotations.length() - 1),
            binding.at("/target/name").asText()));
    answer(exchange, 201, "{\"status\":\"Success\"}");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    watches.values().forEach(events -> events.add(END));
    server.stop(0);
    threads.shutdownNow();
  }
}
