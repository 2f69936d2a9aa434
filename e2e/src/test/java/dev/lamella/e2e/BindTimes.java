package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When pods were created and when a watch first showed them bound. */
final class BindTimes implements AutoCloseable {

  private final Team team;
  private final Map<String, Long> created = new ConcurrentHashMap<>();
  private final Map<String, Long> bound = new ConcurrentHashMap<>();
  private final PodHistory history;

  private BindTimes(Kube kube, Team team) throws IOException {
    this.team = team;
    this.history = PodHistory.start(kube, team, this::seen);
  }

  static BindTimes start(Kube kube, Team team) throws IOException {
    return new BindTimes(kube, team);
  }

  private void seen(JsonNode pod) {
    if (pod.at("/spec").has("nodeName")) {
      bound.putIfAbsent(pod.at("/metadata/name").asText(), System.nanoTime());
    }
  }

  /** Counted from before the request is sent. */
  void create(PodOf pod) throws IOException {
    created.put(pod.name(), System.nanoTime());
    team.create(pod);
  }

  void await(int count) throws Exception {
    Eventually.succeeds(
        count + " pods bound",
        () -> {
          history.requireWhole();
          if (bound.size() < count) {
            throw new IllegalStateException(bound.size() + " are");
          }
        });
  }

  /** From the first creation to the last bind. */
  double perSecond() {
    long nanos = Collections.max(bound.values()) - Collections.min(created.values());
    return bound.size() * 1e9 / nanos;
  }

  List<Long> latenciesMillis() {
    List<Long> latencies = new ArrayList<>();
    created.forEach((pod, at) -> latencies.add((bound.get(pod) - at) / 1_000_000));
    return latencies;
  }

  @Override
  public void close() {
    history.close();
  }
}
