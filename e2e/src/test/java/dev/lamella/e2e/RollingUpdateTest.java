package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
  private Scenario scenario;
  private Replicas replicas;

  @BeforeEach
  void twoReplicas(Cluster cluster) throws Exception {
    scenario = Scenario.read("campaign-short.yaml");
    for (Scenario.Tenant tenant : scenario.tenants()) {
      cluster.kubectl().apply(tenant.manifest());
      teams.put(tenant.name(), Team.create(cluster, tenant.name()));
    }
    replicas = Replicas.start(cluster);
  }

  @AfterEach
  void oneAgain(Cluster cluster) throws Exception {
    replicas.end();
    cluster.startExtender();
    cluster.startScheduler(true);
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
    replicas.add("extender-2");
    replicas.remove("extender-0");
    replicas.add("extender-3");
    replicas.remove("extender-1");
    Eventually.succeeds("a leader", replicas::leader);
  }
}
