package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures scheduling on upstream's binaries with and without the extender, on two nodes with 112
 * slices (448 shares). The same pods ask for the same resource both ways. Without the extender
 * kube-scheduler counts it as it counts any, and the daemons run alone, since nobody assigns what
 * they would wait for. kube-scheduler's own client is limited, to 50 requests a second after 100 as
 * it comes; the extender, which binds in its place, is not: both are measured also with that limit
 * raised. Rounds take turns, so that a busy machine is busy for both; the extender, warmed up, is
 * paused while it is not asked. Prints a table and leaves it in target/bench.md. No test: run with
 * -Dbench.
 */
class SchedulingBench {

  /** Two kubelets take 220. */
  private static final int BATCH = 200;

  private static final int ROUNDS = 4;
  private static final int SINGLES = 20;

  /** Rounds that do not count, at first: a JVM compiles what it does often. */
  private static final int WARM_UPS = 8;

  /** And after each change: the extender is only paused meanwhile, the daemons start anew. */
  private static final int WARM_UPS_AGAIN = 2;

  private static final int CREATORS = 8;

  /** Requests a second of kube-scheduler's own client to the API server: no limit here. */
  private static final int RAISED = 1_000;

  @TempDir Path folder;

  @Test
  void withAndWithoutTheExtender() throws Exception {
    Checkout checkout = Checkout.find();
    Path layout = Files.writeString(folder.resolve("nodes.yaml"), layout());
    Measured with = new Measured(true);
    Measured without = new Measured(false);
    String load = load();
    try (Cluster cluster = Cluster.start(checkout, layout)) {
      Measured last = null;
      for (int round = 0; round < ROUNDS; round++) {
        for (Measured way : round % 2 == 0 ? List.of(without, with) : List.of(with, without)) {
          if (way != last) {
            change(cluster, way, round);
            last = way;
          }
          measureBoth(cluster, way, round);
        }
      }
      cluster.extender().resume();
    }
    String table =
        SchedulingTable.of(BATCH, with, without)
            + "%nLoad before %s, after %s.%n".formatted(load, load());
    Files.writeString(checkout.root().resolve("e2e/target/bench.md"), table);
    System.out.println(table);
    for (SchedulingRow row : with.rows()) {
      assertThat(row.writes()).as("writes, one for each pod").isEqualTo(row.pods());
    }
  }

  /** Changes what differs, and warms it up. */
  private static void change(Cluster cluster, Measured way, int round) throws Exception {
    if (way.extended()) {
      cluster.extender().resume();
      new Restart(cluster).daemonsAsUsual();
      cluster.awaitExtender();
    } else {
      new Restart(cluster).daemonsAlone();
      cluster.extender().pause();
    }
    cluster.startScheduler(way.extended(), RAISED);
    SchedulingRow warmUp = new SchedulingRow();
    int rounds = way.cold() ? WARM_UPS : WARM_UPS_AGAIN;
    for (int i = 0; i < rounds; i++) {
      measure(cluster, way, warmUp, "warm-up-" + round + "-" + i);
    }
    way.warmedUp(warmUp);
  }

  private static void measureBoth(Cluster cluster, Measured way, int round) throws Exception {
    cluster.startScheduler(way.extended());
    awaitFirst(cluster);
    measure(cluster, way, way.shipped(), "shipped-" + round);
    cluster.startScheduler(way.extended(), RAISED);
    awaitFirst(cluster);
    measure(cluster, way, way.raised(), "raised-" + round);
  }

  /** A kube-scheduler that has just been started binds nothing yet. */
  private static void awaitFirst(Cluster cluster) throws Exception {
    try (Team team = Team.create(cluster, "first")) {
      team.run(PodOf.asking("p", PodOf.SHARE, 1));
    }
  }

  /** Of one, five and fifteen minutes. */
  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).replaceAll("(( ?[0-9.]+){3}).*\\s*", "$1");
  }

  private static String layout() {
    String slices =
        IntStream.range(0, 7).mapToObj(i -> "1g.5gb@" + i).collect(Collectors.joining(", "));
    String gpu = "  - {model: A100-SXM4-40GB, slices: [" + slices + "]}\n";
    return "nodes:\n- name: gpu-a\n  gpus:\n%1$s- name: gpu-b\n  gpus:\n%1$s"
        .formatted(gpu.repeat(8));
  }

  private static void measure(Cluster cluster, Measured way, SchedulingRow row, String round)
      throws Exception {
    String namespace = way.how() + "-" + round;
    Map<String, Program> programs = programs(cluster, way);
    Map<String, Long> before = cpu(programs);
    try (Team team = Team.create(cluster, namespace + "-single");
        BindTimes times = BindTimes.start(cluster.kube(), team)) {
      for (int i = 0; i < SINGLES; i++) {
        times.create(PodOf.asking("p-" + i, PodOf.SHARE, 1));
        times.await(i + 1);
      }
      awaitRunning(team);
      row.oneByOne(times);
    }
    try (Team team = Team.create(cluster, namespace);
        BindTimes times = BindTimes.start(cluster.kube(), team)) {
      createAtOnce(times);
      times.await(BATCH);
      awaitRunning(team);
      row.atOnce(times);
      for (var program : programs.entrySet()) {
        row.resident(program.getKey(), program.getValue().residentMiB());
      }
    }
    cpu(programs).forEach((name, now) -> row.cpu(name, now - before.get(name)));
    row.wrote(BATCH + SINGLES, writes(cluster, namespace) + writes(cluster, namespace + "-single"));
  }

  /** Several clients, so that it is not one client's round trips that are measured. */
  private static void createAtOnce(BindTimes times) throws Exception {
    ExecutorService creators = Executors.newFixedThreadPool(CREATORS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        PodOf pod = PodOf.asking("p-" + i, PodOf.SHARE, 1);
        all.add(
            creators.submit(
                () -> {
                  times.create(pod);
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      creators.shutdown();
    }
  }

  private static void awaitRunning(Team team) throws Exception {
    for (JsonNode pod : team.pods()) {
      team.await(pod.at("/metadata/name").asText(), "Running");
    }
  }

  /** Writes to pods by whoever decides, besides events. */
  private static long writes(Cluster cluster, String namespace) throws Exception {
    return Audit.read(cluster.plane().auditLog()).stream()
        .filter(w -> w.user().equals("system:kube-scheduler") || w.user().endsWith("extender"))
        .filter(w -> w.namespace().equals(namespace) && w.what().startsWith("pods"))
        .count();
  }

  private static Map<String, Program> programs(Cluster cluster, Measured way) {
    Map<String, Program> programs = new TreeMap<>();
    cluster.nodes().forEach((name, node) -> programs.put("daemon of " + name, node.plugin()));
    if (way.extended()) {
      programs.put("extender", cluster.extender());
    }
    return programs;
  }

  private static Map<String, Long> cpu(Map<String, Program> programs) {
    Map<String, Long> millis = new TreeMap<>();
    programs.forEach((name, program) -> millis.put(name, program.cpuMillis()));
    return millis;
  }
}
