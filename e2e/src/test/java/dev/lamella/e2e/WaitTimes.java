package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.extender.kube.PodWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long pods of a namespace that were refused waited once they came to fit. */
final class WaitTimes implements AutoCloseable {

  private static final long OURS_MILLIS = 15_000;

  private final Cluster cluster;
  private final Team team;
  private final PodHistory history;
  private final Map<String, Long> poked = new ConcurrentHashMap<>();
  private final Map<String, Long> bound = new ConcurrentHashMap<>();
  private final List<String> times = new ArrayList<>();

  private WaitTimes(Cluster cluster, Team team) throws IOException {
    this.cluster = cluster;
    this.team = team;
    this.history = PodHistory.start(cluster.kube(), team, this::seen);
  }

  static WaitTimes start(Cluster cluster, Team team) throws IOException {
    return new WaitTimes(cluster, team);
  }

  private void seen(JsonNode pod) {
    String name = pod.at("/metadata/name").asText();
    String at = pod.at("/metadata/annotations").path(PodWriter.POKE).asText();
    if (!at.isEmpty()) {
      poked.putIfAbsent(name + at, System.nanoTime());
    }
    if (pod.at("/spec").has("nodeName")) {
      bound.putIfAbsent(name, System.nanoTime());
    }
  }

  /** Creates a pod and waits until it is refused with these words among others. */
  void refuse(PodOf pod, String reason) throws Exception {
    team.create(pod);
    Eventually.succeeds(
        pod.name() + " refused",
        () ->
            assertThat(team.events(pod.name()))
                .anyMatch(e -> e.startsWith("FailedScheduling") && e.contains(reason)));
  }

  /**
   * Waits until a pod runs, and notes what happened to it after it came to fit.
   *
   * @param fits when it did, by System.nanoTime
   */
  void account(String what, String name, long fits) throws Exception {
    team.await(name, "Running");
    long end = Eventually.yields(name + " seen bound", () -> requireBound(name));
    long first =
        poked.entrySet().stream()
            .filter(e -> e.getKey().startsWith(name) && e.getValue() >= fits)
            .mapToLong(Map.Entry::getValue)
            .min()
            .orElse(end);
    long ours = Math.max(0, Math.min(first, end) - fits) / 1_000_000;
    long theirs = Math.max(0, end - Math.max(first, fits)) / 1_000_000;
    times.add("%s %d + %d".formatted(what, ours, theirs));
    assertThat(ours).as("ms until %s was poked", name).isLessThan(OURS_MILLIS);
  }

  private long requireBound(String name) {
    Long at = bound.get(name);
    if (at == null) {
      throw new IllegalStateException("the watch has not shown it");
    }
    return at;
  }

  void print() throws IOException {
    Findings.line(cluster, "requeue, ms until poked + until bound: %s", String.join(", ", times));
  }

  @Override
  public void close() {
    history.close();
  }
}
