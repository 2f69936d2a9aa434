package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.extender.kube.PodWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Daemons and the extender's two replicas are replaced as the chart's rollouts do it, while pods
 * come and go: no pod fails, and who ran goes on.
 */
@ExtendWith(ClusterExtension.class)
class RollingUpdateTest {

  private static final long PAUSE_MILLIS = 200;

  private final Map<String, Team> teams = new TreeMap<>();
  private final Map<String, Integer> ports = new TreeMap<>();
  private final Map<String, Program> replicas = new TreeMap<>();
  private Scenario scenario;
  private Proxy service;

  @BeforeEach
  void twoReplicas(Cluster cluster) throws Exception {
    scenario = Scenario.read("campaign-short.yaml");
    for (Scenario.Tenant tenant : scenario.tenants()) {
      cluster.kubectl().apply(tenant.manifest());
      teams.put(tenant.name(), Team.create(cluster, tenant.name()));
    }
    cluster.stopExtender();
    start(cluster, "extender-0");
    start(cluster, "extender-1");
    service = Proxy.start(() -> ports.get(leader(cluster)));
    Eventually.succeeds("a leader", () -> leader(cluster));
    cluster.startScheduler(service.url());
  }

  /** The pod that stands for a replica: nothing runs in it, the replica labels it. */
  private void start(Cluster cluster, String name) throws Exception {
    Team system = Team.of(cluster, Cluster.SYSTEM);
    system.create(PodOf.named(name).plain("extender").leftAlone());
    int port = Ports.free();
    Program replica =
        cluster.launchExtender(
            name, port, "--leader-elect", "--pod-name", name, "--pod-namespace", Cluster.SYSTEM);
    synchronized (ports) {
      ports.put(name, port);
    }
    replicas.put(name, replica);
    Eventually.succeeds(name + " ready", () -> Web.get("http://127.0.0.1:" + port + "/readyz"));
  }

  private static String leader(Cluster cluster) throws Exception {
    String path = Team.of(cluster, Cluster.SYSTEM).path("pods?labelSelector=" + PodWriter.LEADER);
    for (JsonNode pod : cluster.kube().get(path).path("items")) {
      return pod.at("/metadata/name").asText();
    }
    throw new IllegalStateException("no pod has the label");
  }

  private void stop(Cluster cluster, String name) throws Exception {
    replicas.remove(name).close();
    cluster.kube().delete(Team.of(cluster, Cluster.SYSTEM).path("pods/" + name));
  }

  @AfterEach
  void oneAgain(Cluster cluster) throws Exception {
    for (String name : List.copyOf(replicas.keySet())) {
      stop(cluster, name);
    }
    cluster.startExtender();
    cluster.startScheduler(true);
    service.close();
    for (Map.Entry<String, Team> team : teams.entrySet()) {
      team.getValue().close();
      cluster.kubectl().run("delete", "tenant", team.getKey());
    }
  }

  @Test
  void noPodFailsWhileAllProgramsAreReplaced(Cluster cluster) throws Exception {
    Churn churn = new Churn(cluster, scenario, teams, (node, at) -> Optional.empty());
    List<Throwable> failures = new ArrayList<>();
    Thread rollout =
        new Thread(
            () -> {
              try {
                replaceAll(cluster);
              } catch (Exception | AssertionError e) {
                failures.add(e);
              }
            },
            "rollout");
    Invariants invariants = Invariants.start(cluster, scenario);
    try (invariants) {
      rollout.start();
      while (rollout.isAlive()) {
        churn.create(Integer.MAX_VALUE);
        churn.attend();
        Thread.sleep(PAUSE_MILLIS);
      }
      churn.finish();
    }
    Findings.line(cluster, "rolling update: %s; %s", churn, invariants);

    assertThat(failures).isEmpty();
    assertThat(churn.refused()).isEmpty();
    assertThat(invariants.broken()).isEmpty();
    assertThat(churn.created()).isGreaterThan(scenario.atOnce());
  }

  private void replaceAll(Cluster cluster) throws Exception {
    for (Node node : cluster.nodes().values()) {
      node.stopPlugin();
      node.startPluginAgain();
      node.awaitServed(cluster.gpuNode(node.name()));
      cluster.awaitServing(node);
    }
    start(cluster, "extender-2");
    stop(cluster, "extender-0");
    start(cluster, "extender-3");
    stop(cluster, "extender-1");
    Eventually.succeeds("a leader", () -> assertThat(replicas).containsKey(leader(cluster)));
  }
}
