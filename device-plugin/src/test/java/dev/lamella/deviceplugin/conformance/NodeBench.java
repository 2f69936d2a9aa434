package dev.lamella.deviceplugin.conformance;

import static dev.lamella.deviceplugin.conformance.Host.SHARED;
import static dev.lamella.deviceplugin.conformance.Host.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.Http;
import dev.lamella.deviceplugin.api.FakeApiServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the daemon as a process, from the jars of bin/lamella: exec to registered, memory, the
 * kubelet's calls, idle CPU; with the API server watched and metrics scraped. Prints a table and
 * leaves it in target/bench-node.txt. No test: .ci/bench runs it by its name.
 */
class NodeBench {

  private static final Path LAMELLA = Path.of("..", "simulator", "target").toAbsolutePath();
  private static final Path ARCHIVE = LAMELLA.normalize().resolve("device-plugin.jsa");
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 7);
  private static final int IDLE_SECONDS = Integer.getInteger("bench.idle", 20);
  private static final int PODS = 100;
  private static final int CALLS = 3_000;
  private static final int SLICES = 56;
  private static final int SHARES = 4;

  /** /proc counts CPU time in hundredths of a second on every architecture. */
  private static final double TICKS_PER_SECOND = 100;

  @TempDir Path dir;

  /** One life of the daemon. Times in milliseconds, memory in MiB, CPU in percent of a core. */
  private record Row(
      double registered, double first, double p50, double p99, double rss, double idle) {}

  @Test
  void measure() throws Exception {
    // A double's answers must not be what is measured.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    String jars = jars();
    Files.deleteIfExists(ARCHIVE);
    List<Row> plain = new ArrayList<>();
    List<Row> archived = new ArrayList<>();
    // The one that is rehearsed also warms this side up.
    round(0, List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE), jars, 0);
    assertThat(ARCHIVE).exists();
    for (int i = 1; i <= ROUNDS; i++) {
      int idle = i == ROUNDS ? IDLE_SECONDS : 0;
      plain.add(round(2 * i, List.of(), jars, idle));
      archived.add(round(2 * i + 1, List.of("-XX:SharedArchiveFile=" + ARCHIVE), jars, idle));
    }
    String table = table(plain, archived);
    Files.writeString(Path.of("target", "bench-node.txt"), table);
    System.out.println(table);
  }

  /** The class path of bin/lamella, in its order. */
  private static String jars() throws IOException {
    Set<String> own = new TreeSet<>();
    Set<String> lib = new TreeSet<>();
    collect(LAMELLA.normalize(), "lamella-simulator-*.jar", own);
    collect(LAMELLA.normalize().resolve("lib"), "*.jar", lib);
    assertThat(lib).as("jars, built by bin/lamella").isNotEmpty();
    own.addAll(lib);
    List<String> all = new ArrayList<>(own);
    all.sort(null);
    return String.join(":", all);
  }

  private static void collect(Path folder, String glob, Set<String> into) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, glob)) {
      jars.forEach(jar -> into.add(jar.toString()));
    }
  }

  private Row round(int number, List<String> jvm, String jars, int idle) throws Exception {
    Path folder = Files.createDirectories(dir.resolve(Integer.toString(number)));
    String gpu =
        Host.a100(
            IntStream.range(0, 7).mapToObj(k -> "1g.5gb@" + k).collect(Collectors.joining(", ")));
    String gpus = IntStream.range(0, 8).mapToObj(k -> gpu).collect(Collectors.joining(", "));
    int port = freePort();
    try (FakeApiServer api = FakeApiServer.start();
        Host host = Host.with(folder, gpus)) {
      api.showing(host.kubelet()::allocatable);
      host.reportingBy(api.kubeconfig(folder)).withDefaultSettings();
      long begun = System.nanoTime();
      Daemon daemon = host.start(jvm, jars, port);
      while (host.kubelet().registrations().size() < 2) {
        assertThat(daemon.alive()).as("the daemon, whose log is %s", daemon.log()).isTrue();
        TimeUnit.MICROSECONDS.sleep(200);
      }
      double registered = millisSince(begun);
      host.awaitDevices(SHARED, SLICES * SHARES);
      Row row = calls(host, api, daemon, registered, port, idle);
      daemon.terminate();
      assertThat(daemon.exitCode()).isZero();
      return row;
    }
  }

  private static Row calls(
      Host host, FakeApiServer api, Daemon daemon, double registered, int port, int idle)
      throws Exception {
    List<String> slices = List.copyOf(host.kubelet().devices(WHOLE));
    long begun = System.nanoTime();
    host.kubelet().allocate(SHARED, Set.of(slices.get(0) + "::0"));
    double first = millisSince(begun);
    for (int pod = 0; pod < PODS; pod++) {
      Held held = Held.shares(ResourceName.shared("1g.5gb"), slices.get(pod / SHARES), 1);
      api.bind("team", "p" + pod, "uid-" + pod, new Assignment(pod, List.of(held)).text());
      host.kubelet().admit("team/p" + pod, SHARED, 1);
    }
    double rss = status(daemon.pid(), "VmRSS:") / 1024.0;
    List<Double> times = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      String id = slices.get(call % (PODS / SHARES)) + "::" + call % SHARES;
      long started = System.nanoTime();
      host.kubelet().allocate(SHARED, Set.of(id));
      times.add(millisSince(started));
    }
    // What is measured is the end of the row of calls, when both sides are warm.
    List<Double> warm = times.subList(CALLS / 3, CALLS).stream().sorted().toList();
    return new Row(
        registered,
        first,
        quantile(warm, 0.5),
        quantile(warm, 0.99),
        rss,
        idle == 0 ? Double.NaN : idle(daemon, port, idle));
  }

  /** With Prometheus' usual scrapes. */
  private static double idle(Daemon daemon, int port, int seconds) throws Exception {
    InetSocketAddress metrics = new InetSocketAddress("127.0.0.1", port);
    // What the calls before set off has ended by then.
    TimeUnit.SECONDS.sleep(3);
    double before = cpuSeconds(daemon.pid());
    for (int half = 0; half < 2; half++) {
      assertThat(Http.get(metrics, "/metrics")).contains("lamella_slice_");
      TimeUnit.MILLISECONDS.sleep(seconds * 500L);
    }
    return 100 * (cpuSeconds(daemon.pid()) - before) / seconds;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static double millisSince(long begun) {
    return (System.nanoTime() - begun) / 1e6;
  }

  private static long status(long pid, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    int user = 11;
    int system = 12;
    return (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) / TICKS_PER_SECOND;
  }

  private static double quantile(List<Double> sorted, double q) {
    return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(q * sorted.size()) - 1));
  }

  private static String table(List<Row> plain, List<Row> archived) throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    return """
        %d GPUs of 7 slices by the stand-in for NVML, pod watch and metrics on, %d starts each, in turn
        java %s, %d cores, load of the machine at the end %s; flags of bin/device-plugin.jvm
        least / median of the starts    aim      without archive    with archive
        exec to registered, ms         600    %s  %s
        RSS after %d pods, MiB          80    %s  %s
        first Allocate, ms              10    %s  %s
        Allocate p50, ms                      %s  %s
        Allocate p99, ms                 1    %s  %s
        idle CPU over %2d s, %% of a core 0.5  %17.2f  %14.2f
        """
        .formatted(
            SLICES / 7,
            ROUNDS,
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            load,
            least(plain, Row::registered, 17),
            least(archived, Row::registered, 14),
            PODS,
            least(plain, Row::rss, 17),
            least(archived, Row::rss, 14),
            least(plain, Row::first, 17),
            least(archived, Row::first, 14),
            least(plain, Row::p50, 17),
            least(archived, Row::p50, 14),
            least(plain, Row::p99, 17),
            least(archived, Row::p99, 14),
            IDLE_SECONDS,
            plain.get(ROUNDS - 1).idle(),
            archived.get(ROUNDS - 1).idle());
  }

  private static String least(List<Row> rows, ToDoubleFunction<Row> value, int width) {
    List<Double> sorted = rows.stream().map(value::applyAsDouble).sorted().toList();
    double least = sorted.get(0);
    String format = least < 10 ? "%.2f / %.2f" : "%.0f / %.0f";
    String text = String.format(Locale.ROOT, format, least, sorted.get(sorted.size() / 2));
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
