package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.assignment.Assignment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Creates a scenario's pods, sees them off, and keeps account of each. */
final class Churn {

  /** Why a pod may have been refused that a node took up at a time, in epoch milliseconds. */
  @FunctionalInterface
  interface Excuses {
    Optional<Kills.Outage> excuse(String node, long at);
  }

  /** A pod that has not been seen to its end. */
  private static final class Life {
    private final Team team;
    private final long created = System.currentTimeMillis();
    private final long lasts;
    private long bound;
    private boolean sentAway;

    Life(Team team, long lasts) {
      this.team = team;
      this.lasts = lasts;
    }
  }

  private final Persistent api;
  private final Scenario scenario;
  private final Map<String, Team> teams;
  private final Excuses excuses;
  private final Random random;
  private final Map<String, Life> living = new HashMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private final Map<String, Long> longestPending = new TreeMap<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> excused = new ArrayList<>();
  private int created;

  Churn(Cluster cluster, Scenario scenario, Map<String, Team> teams, Excuses excuses) {
    this.api = new Persistent(cluster.kube());
    this.scenario = scenario;
    this.teams = teams;
    this.excuses = excuses;
    this.random = new Random(scenario.seed());
  }

  /** Tops up to how many there are at once; pods come as long as they are fewer than {@code to}. */
  void create(int to) throws Exception {
    while (living.size() < scenario.atOnce() && created < to) {
      Scenario.Shape shape = scenario.draw(random);
      double seconds = scenario.lifeSeconds().draw(random);
      PodOf pod = shape.pod("pod-" + created).labelled("campaign", "pod");
      boolean endsItself = random.nextBoolean();
      if (endsItself) {
        pod.ending(seconds);
      }
      Team team = teams.get(shape.tenant());
      long lasts = endsItself ? Long.MAX_VALUE : (long) (seconds * 1000);
      living.put(pod.name(), new Life(team, lasts));
      api.create(team, pod);
      created++;
    }
  }

  /** Looks at all pods once. */
  void attend() throws Exception {
    Set<String> there = new HashSet<>();
    for (JsonNode pod : api.get("/api/v1/pods?labelSelector=campaign").path("items")) {
      String name = pod.at("/metadata/name").asText();
      there.add(name);
      Life life = living.get(name);
      if (life != null) {
        attend(name, life, pod);
      }
    }
    for (String name : Set.copyOf(living.keySet())) {
      if (!there.contains(name)) {
        end(name, living.get(name).sentAway ? "deleted" : "evicted");
      }
    }
  }

  private void attend(String name, Life life, JsonNode pod) throws Exception {
    long now = System.currentTimeMillis();
    if (life.bound == 0 && pod.at("/spec").has("nodeName")) {
      life.bound = now;
    }
    longestPending.merge(
        life.team.namespace(), (life.bound == 0 ? now : life.bound) - life.created, Math::max);
    String phase = Team.phase(pod);
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      end(name, phase.equals("Succeeded") ? "ended" : failure(pod, life.sentAway));
      api.delete(life.team.path("pods/" + name));
    } else if (phase.equals("Running") && !life.sentAway && now - life.bound > life.lasts) {
      life.sentAway = true;
      api.delete(life.team.path("pods/" + name));
    }
  }

  /**
   * An evicted pod whose container does not end with 0 has failed, too; and one that was sent away
   * before its container ran, of which the kubelet says nothing else.
   */
  private String failure(JsonNode pod, boolean sentAway) {
    boolean evicted =
        pod.at("/status/conditions").findValuesAsText("reason").contains("EvictionByEvictionAPI");
    if (!evicted && sentAway && pod.at("/status/reason").isMissingNode()) {
      return "deleted";
    }
    return evicted ? "evicted" : refusal(pod);
  }

  /** A pod that came to a node whose kubelet or daemon was being killed is no fault of ours. */
  private String refusal(JsonNode pod) {
    String node = pod.at("/spec/nodeName").asText();
    String reason = pod.at("/status/reason").asText();
    long at =
        Instant.parse(pod.at("/status/startTime").asText("1970-01-01T00:00:00Z")).toEpochMilli();
    Optional<Kills.Outage> away = excuses.excuse(node, at);
    if (reason.equals("UnexpectedAdmissionError") && away.isPresent()) {
      excused.add(account(pod, away.get()));
      return "refused while the " + away.get().kind() + " was away";
    }
    refused.add(pod.at("/metadata/name").asText() + " on " + node + ": " + pod.path("status"));
    return "refused";
  }

  /** When it was bound, seen from the kill, and what the kubelet says. */
  private static String account(JsonNode pod, Kills.Outage outage) {
    String written = pod.at("/metadata/annotations").path(LamellaApi.ASSIGNMENT).asText();
    return "%s: bound %+d ms, taken up at %s: %s"
        .formatted(
            outage.kind(),
            Assignment.parse(written).boundAt() - outage.from(),
            pod.at("/status/startTime").asText(),
            pod.at("/status/message").asText());
  }

  private void end(String name, String how) {
    living.remove(name);
    ends.merge(how, 1, Integer::sum);
  }

  /** Sends all away that are left, and sees them off. */
  void finish() throws Exception {
    for (Map.Entry<String, Life> each : Map.copyOf(living).entrySet()) {
      each.getValue().sentAway = true;
      api.delete(each.getValue().team.path("pods/" + each.getKey()));
    }
    Eventually.succeeds(
        "all pods gone",
        () -> {
          attend();
          if (!living.isEmpty()) {
            throw new IllegalStateException("there are " + living.keySet());
          }
        });
  }

  int created() {
    return created;
  }

  /** Pods that a kubelet refused, and that nothing excuses. */
  List<String> refused() {
    return refused;
  }

  /** Pods that a kubelet refused after a kill: when each was bound, and why. */
  List<String> excused() {
    return excused;
  }

  @Override
  public String toString() {
    return "%d pods created, %s, longest pending, ms: %s".formatted(created, ends, longestPending);
  }
}
