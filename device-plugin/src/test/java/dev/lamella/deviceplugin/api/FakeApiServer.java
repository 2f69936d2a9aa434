package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * As much of an API server as the daemon uses: pods of one node by list and watch, the Node, and
 * GpuNodes. Pods are added and removed by the test; what the daemon writes is read back.
 */
public final class FakeApiServer implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, ObjectNode> pods = new TreeMap<>();
  private final List<ObjectNode> events = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> nodeEvents = new ArrayList<>();
  private final List<JsonNode> reports = new ArrayList<>();
  private final Map<String, String> labels = new ConcurrentSkipListMap<>();
  private volatile Supplier<Map<String, Integer>> kubelet = Map::of;
  private ObjectNode gpuNode;
  private int version = 100;
  private int oldest = 100;
  private int generation;
  private boolean down;

  private FakeApiServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public static FakeApiServer start() throws IOException {
    return new FakeApiServer();
  }

  /** Writes a kubeconfig that leads here. */
  public Path kubeconfig(Path dir) throws IOException {
    return Files.writeString(
        dir.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: test, user: {token: secret}}]
        contexts: [{name: test, context: {cluster: test, user: test}}]
        current-context: test
        """
            .formatted(server.getAddress().getPort()));
  }

  /** A pod is bound to the node; null for one without an assignment. */
  public synchronized void bind(String namespace, String name, String uid, String assignment) {
    ObjectNode pod = JSON.createObjectNode();
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("namespace", namespace).put("name", name).put("uid", uid);
    if (assignment != null) {
      metadata.putObject("annotations").put("lamella.dev/assignment", assignment);
    }
    change("ADDED", uid, pod);
  }

  /** A pod has ended or is deleted. */
  public synchronized void remove(String uid) {
    change("DELETED", uid, pods.get(uid).deepCopy());
  }

  private void change(String type, String uid, ObjectNode pod) {
    version++;
    ((ObjectNode) pod.get("metadata")).put("resourceVersion", Integer.toString(version));
    pods.put(uid, pod);
    if (type.equals("DELETED")) {
      pods.remove(uid);
    }
    ObjectNode event = JSON.createObjectNode().put("type", type);
    event.set("object", pod);
    events.add(event);
    notifyAll();
  }

  /** Ends every open watch; those that ask for what was before now are told 410. */
  public synchronized void expire() {
    version += 10;
    oldest = version;
    events.clear();
    endWatches();
  }

  /** Ends every open watch. */
  public synchronized void endWatches() {
    generation++;
    notifyAll();
  }

  /** Whether every request is answered with 503 from now on. */
  public synchronized void down(boolean isDown) {
    down = isDown;
    endWatches();
  }

  public synchronized int version() {
    return version;
  }

  /** What the daemon wrote last; a missing node before that. */
  public synchronized JsonNode gpuNode() {
    return gpuNode == null ? JSON.missingNode() : gpuNode.deepCopy();
  }

  /** The patches of the GpuNode's status so far. */
  public synchronized List<JsonNode> reports() {
    return List.copyOf(reports);
  }

  /** The events written so far, as JSON. */
  public synchronized List<String> nodeEvents() {
    return List.copyOf(nodeEvents);
  }

  public synchronized void deleteGpuNode() {
    gpuNode = null;
  }

  /** Method and path with query of every request so far. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      boolean isDown;
      synchronized (this) {
        requests.add(exchange.getRequestMethod() + " " + path + "?" + query);
        isDown = down;
      }
      if (isDown) {
        answer(exchange, 503, JSON.createObjectNode().put("message", "down"));
      } else if (path.equals("/api/v1/pods") && query.contains("watch=1")) {
        watch(exchange, Integer.parseInt(query.replaceAll(".*resourceVersion=(\\d+).*", "$1")));
      } else {
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        respond(exchange, path, body);
      }
    }
  }

  private void respond(HttpExchange exchange, String path, JsonNode body) throws IOException {
    ObjectNode object;
    synchronized (this) {
      object = object(exchange.getRequestMethod(), path, body);
    }
    if (object == null) {
      answer(exchange, 404, JSON.createObjectNode().put("message", path + " not found"));
    } else {
      answer(exchange, 200, object);
    }
  }

  private ObjectNode object(String method, String path, JsonNode body) {
    if (path.equals("/api/v1/pods")) {
      return list();
    } else if (path.matches("/api/v1/namespaces/[^/]+/events")) {
      nodeEvents.add(body.toString());
      return body.deepCopy();
    } else if (path.startsWith("/api/v1/nodes/")) {
      if (method.equals("PATCH")) {
        body.at("/metadata/labels").properties().forEach(this::label);
      }
      ObjectNode node = JSON.createObjectNode();
      ObjectNode metadata = node.putObject("metadata").put("uid", "node-uid");
      labels.forEach(metadata.putObject("labels")::put);
      ObjectNode shown = node.putObject("status").putObject("allocatable").put("cpu", "1500m");
      kubelet.get().forEach((resource, count) -> shown.put(resource, Integer.toString(count)));
      return node;
    } else if (method.equals("POST")) {
      gpuNode = body.deepCopy();
    } else if (gpuNode != null && method.equals("PATCH") && path.endsWith("/status")) {
      reports.add(body.get("status").deepCopy());
      body.get("status").properties().forEach(this::report);
    }
    return gpuNode;
  }

  /** A merge patch: what it does not name stays, and null takes away. */
  private void report(Map.Entry<String, JsonNode> change) {
    ObjectNode status = gpuNode.withObject("/status");
    if (change.getValue().isNull()) {
      status.remove(change.getKey());
    } else {
      status.set(change.getKey(), change.getValue());
    }
  }

  private void label(Map.Entry<String, JsonNode> change) {
    if (change.getValue().isNull()) {
      labels.remove(change.getKey());
    } else {
      labels.put(change.getKey(), change.getValue().asText());
    }
  }

  /** The operator keeps new pods away. */
  public synchronized void cordon(String... uuids) {
    ArrayNode cordoned = gpuNode.putObject("spec").putArray("cordoned");
    List.of(uuids).forEach(cordoned::add);
  }

  /** The Node shows as allocatable what its kubelet counts. */
  public void showing(Supplier<Map<String, Integer>> counts) {
    kubelet = counts;
  }

  /** The Node's labels, to be changed by the test, too. */
  public Map<String, String> labels() {
    return labels;
  }

  private ObjectNode list() {
    ObjectNode list = JSON.createObjectNode();
    list.putObject("metadata").put("resourceVersion", Integer.toString(version));
    ArrayNode items = list.putArray("items");
    pods.values().forEach(items::add);
    return list;
  }

  private void watch(HttpExchange exchange, int from) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    int mine;
    synchronized (this) {
      mine = generation;
      if (from < oldest) {
        ObjectNode gone = JSON.createObjectNode().put("type", "ERROR");
        gone.putObject("object").put("code", 410).put("message", "too old");
        write(exchange, gone);
        return;
      }
    }
    int sent = from;
    while (true) {
      List<ObjectNode> next = new ArrayList<>();
      synchronized (this) {
        while (mine == generation && next.isEmpty()) {
          for (ObjectNode event : events) {
            if (event.at("/object/metadata/resourceVersion").asInt() > sent) {
              next.add(event);
            }
          }
          if (next.isEmpty()) {
            await();
          }
        }
        if (mine != generation) {
          return;
        }
      }
      for (ObjectNode event : next) {
        write(exchange, event);
        sent = event.at("/object/metadata/resourceVersion").asInt();
      }
    }
  }

  private void await() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void write(HttpExchange exchange, JsonNode event) throws IOException {
    exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    endWatches();
    server.stop(0);
    threads.shutdownNow();
  }
}
