package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.extender.kube.PodWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The extender's replicas as the chart runs them, in place of the cluster's only one, behind a port
 * that leads to whoever has the leader's label and one that leads to anybody.
 */
final class Replicas {

  private final Cluster cluster;
  private final List<String> flags;
  private final Map<String, Integer> ports = Collections.synchronizedMap(new TreeMap<>());
  private final Map<String, Program> programs = Collections.synchronizedMap(new TreeMap<>());
  private final Proxy leading;
  private final Proxy any;

  private Replicas(Cluster cluster, List<String> flags) throws IOException {
    this.cluster = cluster;
    this.flags = flags;
    this.leading = Proxy.start(() -> ports.get(leader()));
    this.any = Proxy.start(() -> ports.get(alive()));
  }

  /**
   * Starts two replicas, extender-0 and extender-1, and has kube-scheduler call the leader.
   *
   * @param flags of each, besides those of the election
   */
  static Replicas start(Cluster cluster, String... flags) throws Exception {
    cluster.stopExtender();
    Replicas replicas = new Replicas(cluster, List.of(flags));
    replicas.add("extender-0");
    replicas.add("extender-1");
    Eventually.succeeds("a leader", replicas::leader);
    cluster.startScheduler(replicas.leaderUrl());
    return replicas;
  }

  /** Adds a replica. The pod that stands for it runs nothing: the replica labels it. */
  void add(String name) throws Exception {
    Team system = Team.of(cluster, Cluster.SYSTEM);
    system.create(PodOf.named(name).plain("extender").leftAlone());
    ports.put(name, Ports.free());
    launch(name);
  }

  private void launch(String name) throws Exception {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of("--leader-elect", "--pod-name", name, "--pod-namespace", Cluster.SYSTEM));
    int port = ports.get(name);
    programs.put(name, cluster.launchExtender(name, port, all.toArray(String[]::new)));
    Eventually.succeeds(name + " ready", () -> cluster.requireReady(port));
  }

  /** Ends a replica as its Deployment does, and its pod goes. */
  void remove(String name) throws Exception {
    programs.remove(name).close();
    cluster.kube().delete(Team.of(cluster, Cluster.SYSTEM).path("pods/" + name));
  }

  /** SIGKILL to the one that leads; it is started again in the same pod, as a kubelet does. */
  void killLeader() throws Exception {
    String name = Eventually.yields("a leader", this::leader);
    programs.get(name).kill();
    launch(name);
  }

  /** A replica that runs and has the label. */
  String leader() throws Exception {
    String path = Team.of(cluster, Cluster.SYSTEM).path("pods?labelSelector=" + PodWriter.LEADER);
    for (JsonNode pod : cluster.kube().get(path).path("items")) {
      String name = pod.at("/metadata/name").asText();
      if (programs.containsKey(name) && programs.get(name).alive()) {
        return name;
      }
    }
    throw new IllegalStateException("no pod that runs has the label");
  }

  private String alive() {
    return programs().entrySet().stream()
        .filter(each -> each.getValue().alive())
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** Where the one that leads answers, for a scheduler. */
  String leaderUrl() {
    return cluster.addressed(leading);
  }

  /** Where any of them answers, for the webhook. */
  String url() {
    return cluster.addressed(any);
  }

  /** By name. */
  Map<String, Program> programs() {
    synchronized (programs) {
      return new TreeMap<>(programs);
    }
  }

  /** Ends all; the cluster is left without an extender. */
  void end() throws Exception {
    for (String name : programs().keySet()) {
      remove(name);
    }
    leading.close();
    any.close();
  }
}
