package dev.lamella.simulator.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures the scheduler extender as a process, over HTTP on loopback, beside a stand-in API server
 * in this process; prints a table. The phases come one after another: what shares the machine's
 * cores with the extender is then a client that waits for it.
 */
public final class ExtenderLoad implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int NODES = Integer.getInteger("bench.nodes", 5_000);
  private static final int PODS = Integer.getInteger("bench.pods", 20_000);
  private static final int CALLS = Integer.getInteger("bench.calls", 2_000);
  private static final int BINDS = Integer.getInteger("bench.binds", 3_000);
  private static final int WARM_UP = 500;
  private static final int BINDERS = 16;
  private static final long BIND_MILLIS = 5;
  private static final String PODS_PATH = "/api/v1/pods";

  private final Path dir = Files.createTempDirectory("extender-load");
  private final LoadApi api;
  private final Process process;
  private final int port;
  private final StringBuilder table = new StringBuilder();

  private ExtenderLoad(Path root) throws Exception {
    api = new LoadApi(objects(), BIND_MILLIS);
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    long exec = System.nanoTime();
    process = start(root);
    awaitReady(exec);
  }

  /**
   * @param args the checkout's folder, whose bin/lamella has built the programs
   */
  public static void main(String... args) throws Exception {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try (ExtenderLoad load = new ExtenderLoad(Path.of(args[0]))) {
      load.run();
    }
    System.exit(0);
  }

  private static Map<String, List<String>> objects() {
    int perNode = PODS / NODES;
    int compute = NODES * 56;
    return Map.of(
        "/api/v1/nodes",
        list(NODES, i -> LoadObjects.node(i, i + 1)),
        "/api/v1/namespaces",
        List.of(LoadObjects.namespaceObject("alpha"), LoadObjects.namespaceObject("beta")),
        "/apis/lamella.dev/v1alpha1/tenants",
        List.of(
            LoadObjects.tenant("alpha", "LatencyCritical", compute / 2),
            LoadObjects.tenant("beta", "BestEffort", compute / 4)),
        "/apis/lamella.dev/v1alpha1/gpunodes",
        list(NODES, i -> LoadObjects.gpuNode(i, perNode, i + 1)),
        PODS_PATH,
        list(PODS, i -> LoadObjects.heldPod(i / perNode, i % perNode, i + 1)),
        "/apis/policy/v1/poddisruptionbudgets",
        List.of());
  }

  private static List<String> list(int count, IntFunction<String> object) {
    return IntStream.range(0, count).mapToObj(object).toList();
  }

  private Process start(Path root) throws IOException {
    Path target = root.resolve("simulator/target").toAbsolutePath().normalize();
    String jars;
    try (var lib = Files.list(target.resolve("lib"))) {
      jars = lib.map(Path::toString).sorted().collect(Collectors.joining(":"));
    }
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + root.resolve("bin/scheduler-extender.jvm"),
            "-cp",
            jars,
            "dev.lamella.extender.Main",
            "--kubeconfig=" + api.kubeconfig(dir),
            "--listen=127.0.0.1:" + port)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(dir.resolve("log").toFile())
        .start();
  }

  private void awaitReady(long exec) throws Exception {
    while (!ready()) {
      if (!process.isAlive()) {
        throw new IllegalStateException(Files.readString(dir.resolve("log")));
      }
      Thread.sleep(5);
    }
    long now = System.nanoTime();
    row("exec to first request, ms", "", millis(api.firstRequest() - exec));
    row("lists under way, ms", "", millis(api.listsEnded() - api.firstRequest()));
    row("lists' end to ready, ms", "5000", millis(now - api.listsEnded()));
    row("exec to ready, ms", "", millis(now - exec));
    row("CPU time until ready, ms", "", 1000 * cpuSeconds());
    row("RSS when ready, MiB", "512", rss("VmRSS:"));
  }

  private boolean ready() {
    try (LoadClient client = new LoadClient(port)) {
      client.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes("US-ASCII"));
      return client.status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private void run() throws Exception {
    try (LoadClient client = new LoadClient(port)) {
      for (String resource : List.of(LoadObjects.WHOLE, LoadObjects.SHARED)) {
        for (int names : List.of(500, NODES)) {
          verbs(client, resource, names);
        }
      }
    }
    row("RSS after filter and prioritize, MiB", "512", rss("VmRSS:"));
    cycles("binds/s, 16 at once", false);
    cycles("pods/s, filter and prioritize in turn, binds beside", true);
    row("RSS at the end, MiB", "512", rss("VmRSS:"));
    row("highest RSS, MiB", "512", rss("VmHWM:"));
    print();
  }

  private void verbs(LoadClient client, String resource, int names) throws IOException {
    boolean whole = resource.equals(LoadObjects.WHOLE);
    byte[] filter = LoadClient.request("filter", args("alpha", "probe", resource, names, 0));
    byte[] prioritize =
        LoadClient.request("prioritize", args("alpha", "probe", resource, names, 0));
    String kind = whole ? "whole" : "share";
    for (byte[] request : List.of(filter, prioritize)) {
      List<Double> times = new ArrayList<>();
      double cpu = cpuSeconds();
      for (int call = 0; call < WARM_UP + CALLS; call++) {
        long begun = System.nanoTime();
        String answer = client.send(request);
        if (client.status() != 200 || answer.length() < names) {
          throw new IllegalStateException(client.status() + " " + answer);
        }
        if (call >= WARM_UP) {
          times.add(millis(System.nanoTime() - begun));
        }
      }
      cpu = 1000 * (cpuSeconds() - cpu) / (WARM_UP + CALLS);
      times.sort(null);
      String aim = request == filter ? names == 500 ? "2" : "5" : "";
      row(
          "%s, %d names, %s: p50 / p99 / CPU, ms"
              .formatted(request == filter ? "filter" : "prioritize", names, kind),
          aim,
          times.get(times.size() / 2),
          times.get((int) (times.size() * 0.99)),
          cpu);
    }
  }

  private static String args(String tenant, String pod, String resource, int names, int offset) {
    String list =
        IntStream.range(0, names)
            .mapToObj(i -> (int) (((long) i * NODES / names + offset) % NODES))
            .map(node -> "\"" + LoadObjects.nodeName(node) + "\"")
            .collect(Collectors.joining(","));
    return "{\"Pod\":%s,\"Nodes\":null,\"NodeNames\":[%s]}"
        .formatted(LoadObjects.pending(tenant, pod, resource, 0), list);
  }

  /**
   * Binds pods as kube-scheduler does: each bind beside the others.
   *
   * @param whole whether filter and prioritize come before, one pod at a time
   */
  private void cycles(String what, boolean whole) throws Exception {
    String kind = whole ? "w" : "s";
    String resource = whole ? LoadObjects.WHOLE : LoadObjects.SHARED;
    for (int pod = 0; pod < BINDS; pod++) {
      String object = LoadObjects.pending(tenant(whole), kind + pod, resource, api.nextVersion());
      api.event(PODS_PATH, "ADDED", object);
    }
    Thread.sleep(2_000);
    List<byte[]> requests = new ArrayList<>();
    for (int pod = 0; whole && pod < BINDS; pod++) {
      requests.add(
          LoadClient.request("filter", args(tenant(true), kind + pod, resource, 500, pod)));
    }
    ExecutorService binders = Executors.newFixedThreadPool(BINDERS);
    BlockingQueue<LoadClient> clients = new LinkedBlockingQueue<>();
    for (int i = 0; i < BINDERS; i++) {
      clients.add(new LoadClient(port));
    }
    AtomicInteger refused = new AtomicInteger();
    double cpu = cpuSeconds();
    long begun = System.nanoTime();
    try (LoadClient scheduler = new LoadClient(port)) {
      for (int pod = 0; pod < BINDS; pod++) {
        String name = kind + pod;
        String node =
            whole ? choose(scheduler, requests.get(pod)) : LoadObjects.nodeName(pod % NODES);
        binders.execute(() -> bind(clients, tenant(whole), name, node, refused));
      }
    }
    binders.shutdown();
    if (!binders.awaitTermination(5, TimeUnit.MINUTES)) {
      throw new IllegalStateException("binds have not ended");
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    row(what, whole ? "" : "500", (BINDS - refused.get()) / seconds);
    row("  the extender's CPU time a pod, ms", "", 1000 * (cpuSeconds() - cpu) / BINDS);
    row("  of %d refused".formatted(BINDS), "", refused.get());
  }

  private static String tenant(boolean whole) {
    return whole ? "alpha" : "beta";
  }

  private static String choose(LoadClient client, byte[] filter) throws IOException {
    JsonNode feasible = JSON.readTree(client.send(filter)).path("NodeNames");
    if (feasible.isEmpty()) {
      throw new IllegalStateException("no node for " + new String(filter, "US-ASCII"));
    }
    // The filter's body serves prioritize as well: every node of it is feasible.
    String text = new String(filter, "US-ASCII").replaceFirst("/filter", "/prioritize");
    JsonNode scores = JSON.readTree(client.send(text.getBytes("US-ASCII")));
    String best = feasible.get(0).asText();
    int most = -1;
    for (JsonNode score : scores) {
      if (score.path("Score").asInt() > most) {
        most = score.path("Score").asInt();
        best = score.path("Host").asText();
      }
    }
    return best;
  }

  private static void bind(
      BlockingQueue<LoadClient> clients,
      String tenant,
      String name,
      String node,
      AtomicInteger refused) {
    String body =
        """
        {"PodName":"%s","PodNamespace":"%s","PodUID":"uid-%s","Node":"%s"}"""
            .formatted(name, tenant, name, node);
    try {
      LoadClient client = clients.take();
      String answer = client.send(LoadClient.request("bind", body));
      clients.add(client);
      if (client.status() != 200 || !JSON.readTree(answer).path("Error").asText().isEmpty()) {
        if (refused.incrementAndGet() <= 3) {
          System.err.println(answer);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void row(String what, String aim, double... values) {
    String text =
        Arrays.stream(values)
            .mapToObj(v -> v < 10 ? "%.2f".formatted(v) : "%.0f".formatted(v))
            .collect(Collectors.joining(" / "));
    String line = "%-52s %5s  %20s%n".formatted(what, aim, text);
    table.append(line);
    System.err.print(line);
  }

  private void print() throws IOException {
    System.out.printf(
        "%d nodes of 8 GPUs of 7 slices, %d pods; binds answered in %d ms; java %s, %d cores,%n"
            + "load of the machine at the end %s; flags of bin/scheduler-extender.jvm%n",
        NODES,
        PODS,
        BIND_MILLIS,
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    System.out.printf("%-52s %5s  %20s%n%s", "", "aim", "measured", table);
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  /** User and system time of the process; unlike its latency it does not grow with others' load. */
  private double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    int user = 11;
    int system = 12;
    return (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) / 100.0;
  }

  private double rss(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith(field))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024.0;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    api.close();
  }
}
