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
 * they would wait for. Rounds take turns, so that a busy machine is busy for both, and what was
 * started anew is warmed up first. Prints a table and leaves it in target/bench.md. No test: run
 * with -Dbench.
 */
class SchedulingBench {

  private static final int BATCH = 150;
  private static final int ROUNDS = 4;
  private static final int SINGLES = 20;

  /** Rounds after a start that do not count: a JVM compiles what it does often. */
  private static final int WARM_UPS = 4;

  private static final int CREATORS = 8;

  @TempDir Path folder;

  /** One way of scheduling, all rounds. */
  private static final class Row {
    private final String how;
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> warmingUp = new ArrayList<>();
    private final List<Long> batch = new ArrayList<>();
    private final List<Long> single = new ArrayList<>();
    private final Map<String, Long> resident = new TreeMap<>();
    private final Map<String, Long> cpuMillis = new TreeMap<>();
    private long writes;
    private long pods;

    Row(String how) {
      this.how = how;
    }

    boolean extended() {
      return how.equals("with");
    }
  }

  @Test
  void withAndWithoutTheExtender() throws Exception {
    Checkout checkout = Checkout.find();
    Path layout = Files.writeString(folder.resolve("nodes.yaml"), layout());
    Row with = new Row("with");
    Row without = new Row("without");
    String load = load();
    try (Cluster cluster = Cluster.start(checkout, layout)) {
      Row last = null;
      for (int round = 0; round < ROUNDS; round++) {
        for (Row row : round % 2 == 0 ? List.of(without, with) : List.of(with, without)) {
          if (row != last) {
            change(cluster, row, round);
            last = row;
          }
          measure(cluster, row, Integer.toString(round));
        }
      }
    }
    String table = table(with, without) + "%nLoad before %s, after %s.%n".formatted(load, load());
    Files.writeString(checkout.root().resolve("e2e/target/bench.md"), table);
    System.out.println(table);
    assertThat(with.writes).as("writes, one for each pod").isEqualTo(with.pods);
  }

  /** Starts anew what differs, and warms it up. */
  private static void change(Cluster cluster, Row row, int round) throws Exception {
    if (row.extended()) {
      new Restart(cluster).asUsual();
    } else {
      new Restart(cluster).daemonsAlone();
    }
    cluster.startScheduler(row.extended());
    Row warmUp = new Row(row.how);
    for (int i = 0; i < WARM_UPS; i++) {
      measure(cluster, warmUp, "warm-up-" + round + "-" + i);
    }
    row.warmingUp.addAll(warmUp.perSecond);
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

  private static void measure(Cluster cluster, Row row, String round) throws Exception {
    String namespace = row.how + "-" + round;
    Map<String, Program> programs = programs(cluster, row);
    Map<String, Long> before = cpu(programs);
    try (Team team = Team.create(cluster, namespace + "-single");
        BindTimes times = BindTimes.start(cluster.kube(), team)) {
      for (int i = 0; i < SINGLES; i++) {
        times.create(PodOf.asking("p-" + i, PodOf.SHARE, 1));
        times.await(i + 1);
      }
      awaitRunning(team);
      row.single.addAll(times.latenciesMillis());
    }
    try (Team team = Team.create(cluster, namespace);
        BindTimes times = BindTimes.start(cluster.kube(), team)) {
      createAtOnce(times);
      times.await(BATCH);
      awaitRunning(team);
      row.perSecond.add(times.perSecond());
      row.batch.addAll(times.latenciesMillis());
      for (var program : programs.entrySet()) {
        row.resident.merge(program.getKey(), program.getValue().residentMiB(), Math::max);
      }
    }
    cpu(programs).forEach((p, now) -> row.cpuMillis.merge(p, now - before.get(p), Long::sum));
    row.pods += BATCH + SINGLES;
    row.writes += writes(cluster, namespace) + writes(cluster, namespace + "-single");
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

  private static Map<String, Program> programs(Cluster cluster, Row row) {
    Map<String, Program> programs = new TreeMap<>();
    cluster.nodes().forEach((name, node) -> programs.put("daemon of " + name, node.plugin()));
    if (row.extended()) {
      programs.put("extender", cluster.extender());
    }
    return programs;
  }

  private static Map<String, Long> cpu(Map<String, Program> programs) {
    Map<String, Long> millis = new TreeMap<>();
    programs.forEach((name, program) -> millis.put(name, program.cpuMillis()));
    return millis;
  }

  private static String table(Row with, Row without) {
    StringBuilder text = new StringBuilder();
    text.append("| extender | pods/s, %d at once, each round |".formatted(BATCH))
        .append(
            " median | before, warming up | at once: p50 / p99 ms | one by one: p50 / p99 ms | API writes a pod |\n")
        .append("|---|---|---|---|---|---|---|\n");
    List<Row> rows = List.of(with, without);
    for (Row row : rows) {
      text.append(
          "| %s | %s | %.0f | %s | %d / %d | %d / %d | %.2f |%n"
              .formatted(
                  row.how,
                  rounded(row.perSecond),
                  median(row.perSecond),
                  rounded(row.warmingUp),
                  quantile(row.batch, 0.5),
                  quantile(row.batch, 0.99),
                  quantile(row.single, 0.5),
                  quantile(row.single, 0.99),
                  row.writes / (double) row.pods));
    }
    text.append(
        "%nWith the extender: %.0f %% of the pods/s without.%n%n"
            .formatted(100 * median(with.perSecond) / median(without.perSecond)));
    for (Row row : rows) {
      row.resident.forEach(
          (program, most) ->
              text.append(
                  "- %s (%s the extender): at most %d MiB resident, %.1f ms of CPU a pod%n"
                      .formatted(
                          program, row.how, most, row.cpuMillis.get(program) / (double) row.pods)));
    }
    return text.toString();
  }

  private static String rounded(List<Double> values) {
    return values.stream().map("%.0f"::formatted).collect(Collectors.joining(", "));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static long quantile(List<Long> values, double q) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(q * sorted.size()) - 1));
  }
}
