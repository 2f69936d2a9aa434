package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The extender and the daemons reach the API server by a bad network while pods come and go: slow,
 * cut, away, and with answers to writes lost. What is done stands in faults.yaml. Everybody else,
 * the test too, has a good network.
 */
@ExtendWith(ClusterExtension.class)
class NetworkFaultsTest {

  private static final long PAUSE_MILLIS = 200;

  private final ReentrantLock stillness = new ReentrantLock(true);
  private final Map<String, Team> teams = new TreeMap<>();
  private final List<PodHistory> histories = new ArrayList<>();
  private Binds binds;
  private Scenario scenario;
  private Proxy extender;
  private Proxy daemons;

  @BeforeEach
  void prepare(Cluster cluster) throws Exception {
    scenario = Scenario.read("faults.yaml");
    extender = Proxy.start(cluster.plane()::port);
    daemons = Proxy.start(cluster.plane()::port);
    binds = new Binds(cluster);
    new Restart(cluster).reachingBy(extender.secureUrl(), daemons.secureUrl());
    for (Scenario.Tenant tenant : scenario.tenants()) {
      cluster.kubectl().apply(tenant.manifest());
      Team team = Team.create(cluster, tenant.name());
      teams.put(tenant.name(), team);
      histories.add(PodHistory.start(cluster.kube(), team, binds::see));
    }
  }

  @AfterEach
  void remove(Cluster cluster) throws Exception {
    histories.forEach(PodHistory::close);
    for (Map.Entry<String, Team> team : teams.entrySet()) {
      team.getValue().close();
      cluster.kubectl().run("delete", "tenant", team.getKey());
    }
    new Restart(cluster).asUsual();
    extender.close();
    daemons.close();
  }

  @Test
  void everyPodIsBoundOnceAndEveryBookAgrees(Cluster cluster) throws Exception {
    long start = System.nanoTime();
    NetworkFaults faults = new NetworkFaults(scenario, extender, daemons, stillness);
    Churn churn = new Churn(cluster, scenario, teams, (node, at) -> Optional.empty());
    Thread spoiling = new Thread(faults, "network-faults");
    spoiling.setDaemon(true);
    Invariants invariants = Invariants.start(cluster, scenario);
    int quiet = 0;
    try (invariants) {
      spoiling.start();
      while (churn.created() < scenario.pods() || !faults.ended()) {
        churn.create(Integer.MAX_VALUE);
        churn.attend();
        if (churn.created() / scenario.quietEvery() > quiet) {
          quiet++;
          compareBooks(cluster);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
      compareBooks(cluster);
      Eventually.succeeds("everybody runs or is told why not", this::requireRunningOrTold);
      churn.finish();
    }
    Map<String, Integer> answers = binds.answers();
    Binds.Written written = binds.written();
    for (PodHistory history : histories) {
      history.requireWhole();
    }
    Findings.line(
        cluster,
        "network faults: %s; %s; %d pods bound, of these tried again although written %d, answered"
            + " with an error although written %d; all answers %s; %s; books compared %d times; %d s",
        churn,
        faults.result(),
        binds.pods(),
        written.triedOn(),
        binds.pods() - answers.getOrDefault("bound", 0),
        answers,
        invariants,
        quiet + 1,
        (System.nanoTime() - start) / 1_000_000_000);
    assertThat(invariants.broken()).isEmpty();
    assertThat(churn.refused()).isEmpty();
    assertThat(binds.twice()).as("pods of two nodes or assignments").isEmpty();
    assertThat(written.twice()).as("pods with two bindings").isEmpty();
    assertThat(written.triedOn()).as("bindings whose answer was lost").isPositive();
    assertThat(daemons.lost()).as("reports whose answer was lost").isPositive();
  }

  /** Nothing is spoilt or created meanwhile; pods that end by themselves may do so. */
  private void compareBooks(Cluster cluster) throws Exception {
    stillness.lock();
    try {
      for (Team team : teams.values()) {
        Agreement.awaitAfterChurn(cluster, team);
        Eventually.succeeds("ledger of " + team.namespace(), () -> requireLedger(cluster, team));
      }
    } finally {
      stillness.unlock();
    }
  }

  /** The extender's account of a tenant is that of its bound pods that have not ended. */
  private static void requireLedger(Cluster cluster, Team team) throws Exception {
    int quarters = 0;
    for (JsonNode pod : team.pods()) {
      quarters += Invariants.counts(pod) ? Invariants.quarters(pod) : 0;
    }
    JsonNode tenant = cluster.kube().get("/apis/lamella.dev/v1alpha1/tenants/" + team.namespace());
    assertThat(new BigDecimal(tenant.at("/status/used/computeSlices").asText("0")))
        .as("used, in %s", tenant.path("status"))
        .isEqualByComparingTo(BigDecimal.valueOf(quarters / 4.0));
  }

  private void requireRunningOrTold() throws Exception {
    for (Team team : teams.values()) {
      for (JsonNode pod : team.pods()) {
        String name = pod.at("/metadata/name").asText();
        if (!pod.at("/spec").has("nodeName")) {
          assertThat(team.events(name))
              .as(name)
              .anyMatch(e -> e.startsWith("FailedScheduling: 0/") && e.contains(" are available"));
        } else if (!pod.at("/metadata").has("deletionTimestamp")) {
          assertThat(Team.phase(pod)).as(name).isIn("Running", "Succeeded");
        }
      }
    }
  }
}
