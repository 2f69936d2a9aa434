package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures scheduling on upstream's binaries with and without the extender, on two nodes with 112
 * slices (448 shares); prints a table and leaves it in target/bench.md. No test: run with -Dbench.
 */
class SchedulingBench {

  private static final int BATCH = 150;
  private static final int ROUNDS = 1;
  private static final int SINGLES = 30;

  @TempDir Path folder;

  /** One way of scheduling. */
  private record Row(
      String how, List<Double> perSecond, List<Long> batch, List<Long> single, double writes) {}

  @Test
  void withAndWithoutTheExtender() throws Exception {
    Checkout checkout = Checkout.find();
    Path layout = Files.writeString(folder.resolve("nodes.yaml"), layout());
    List<Row> rows = new ArrayList<>();
    try (Cluster cluster = Cluster.start(checkout, layout)) {
      rows.add(measure(cluster, "with"));
      cluster.startScheduler(false);
      rows.add(measure(cluster, "without"));
    }
    String table = table(rows);
    Files.writeString(checkout.root().resolve("e2e/target/bench.md"), table);
    System.out.println(table);
    System.err.println(table);
    assertThat(rows.get(0).writes()).as("writes a pod for the decision").isEqualTo(1.0);
  }

  private static String layout() {
    String slices =
        IntStream.range(0, 7).mapToObj(i -> "1g.5gb@" + i).collect(Collectors.joining(", "));
    String gpu = "  - {model: A100-SXM4-40GB, slices: [" + slices + "]}\n";
    return "nodes:\n- name: gpu-a\n  gpus:\n%1$s- name: gpu-b\n  gpus:\n%1$s"
        .formatted(gpu.repeat(8));
  }

  private static Row measure(Cluster cluster, String how) throws Exception {
    batch(cluster, how, "warm-up");
    List<Double> perSecond = new ArrayList<>();
    List<Long> batch = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      BindTimes times = batch(cluster, how, "round-" + round);
      perSecond.add(times.perSecond());
      batch.addAll(times.latenciesMillis());
    }
    List<Long> single = new ArrayList<>();
    String namespace = how + "-single";
    try (Team team = Team.create(cluster, namespace);
        BindTimes times = BindTimes.start(cluster.kube(), team)) {
      for (int i = 0; i < SINGLES; i++) {
        String name = "p-" + i;
        times.create(pod(how, name));
        times.await(i + 1);
      }
      single.addAll(times.latenciesMillis());
    }
    return new Row(how, perSecond, batch, single, writes(cluster, namespace));
  }

  private static BindTimes batch(Cluster cluster, String how, String round) throws Exception {
    try (Team team = Team.create(cluster, how + "-" + round);
        BindTimes times = BindTimes.start(cluster.kube(), team)) {
      for (int i = 0; i < BATCH; i++) {
        times.create(pod(how, "p-" + i));
      }
      times.await(BATCH);
      for (JsonNode pod : team.pods()) {
        team.await(pod.at("/metadata/name").asText(), "Running");
      }
      return times;
    }
  }

  /** Without the extender nobody could assign slices: those pods ask for none. */
  private static PodOf pod(String how, String name) {
    return how.equals("with")
        ? PodOf.asking(name, PodOf.SHARE, 1)
        : PodOf.named(name).plain("main");
  }

  /** Writes a pod, by whoever decides, besides events. */
  private static double writes(Cluster cluster, String namespace) throws Exception {
    Map<String, Integer> byAction = new TreeMap<>();
    for (Audit write : Audit.read(cluster.plane().auditLog())) {
      boolean decides =
          write.user().equals("system:kube-scheduler") || write.user().endsWith("extender");
      if (decides && write.namespace().equals(namespace) && write.what().startsWith("pods")) {
        byAction.merge(write.action(), 1, Integer::sum);
      }
    }
    System.err.println(namespace + ": " + byAction);
    return byAction.values().stream().mapToInt(Integer::intValue).sum() / (double) SINGLES;
  }

  private static String table(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append("| extender | pods/s, %d at once, each round |".formatted(BATCH))
        .append(" at once: p50 / p99 ms | one by one: p50 / p99 ms | API writes a pod |\n")
        .append("|---|---|---|---|---|\n");
    for (Row row : rows) {
      text.append(
          "| %s | %s | %d / %d | %d / %d | %.2f |%n"
              .formatted(
                  row.how(),
                  row.perSecond().stream().map("%.0f"::formatted).collect(Collectors.joining(", ")),
                  quantile(row.batch(), 0.5),
                  quantile(row.batch(), 0.99),
                  quantile(row.single(), 0.5),
                  quantile(row.single(), 0.99),
                  row.writes()));
    }
    return text.toString();
  }

  private static long quantile(List<Long> values, double q) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(q * sorted.size()) - 1));
  }
}
