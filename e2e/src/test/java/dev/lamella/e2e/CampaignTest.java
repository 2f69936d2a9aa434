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
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Pods come and go while programs are killed, and every promise is checked throughout. What is done
 * stands in campaign-NAME.yaml, by -Dlamella.campaign=NAME; with -Dlamella.soak=true the long one.
 */
@ExtendWith(ClusterExtension.class)
class CampaignTest {

  private static final long PAUSE_MILLIS = 200;

  private final ReentrantLock stillness = new ReentrantLock(true);
  private final Map<String, Team> teams = new TreeMap<>();
  private Scenario scenario;
  private Optional<Installed> installed = Optional.empty();

  @BeforeEach
  void prepare(Cluster cluster) throws Exception {
    String length = Boolean.getBoolean("lamella.soak") ? "long" : "short";
    String name = System.getProperty("lamella.campaign", length);
    scenario = Scenario.read("campaign-" + name + ".yaml");
    if (scenario.asInstalled()) {
      installed = Optional.of(Installed.start(cluster));
    }
    for (Scenario.Tenant tenant : scenario.tenants()) {
      cluster.kubectl().apply(tenant.manifest());
      teams.put(tenant.name(), Team.create(cluster, tenant.name()));
    }
  }

  @AfterEach
  void remove(Cluster cluster) throws Exception {
    for (Map.Entry<String, Team> team : teams.entrySet()) {
      team.getValue().close();
      cluster.kubectl().run("delete", "tenant", team.getKey());
    }
    if (installed.isPresent()) {
      installed.get().end();
    }
    for (Node node : cluster.nodes().values()) {
      cluster.awaitReady(node.name());
      cluster.awaitServing(node);
    }
  }

  @Test
  void everyPromiseIsKeptWhileProgramsAreKilled(Cluster cluster) throws Exception {
    long start = System.nanoTime();
    Kills kills = new Kills(cluster, scenario, stillness, installed);
    Churn churn = new Churn(cluster, scenario, teams, kills);
    Thread killing = new Thread(kills, "kills");
    killing.setDaemon(true);
    Invariants invariants = Invariants.start(cluster, scenario);
    Footprint footprint = Footprint.start(cluster, this::extenders);
    int quiet = 0;
    try (invariants;
        footprint) {
      killing.start();
      while (churn.created() < scenario.pods() || !kills.ended()) {
        churn.create(Integer.MAX_VALUE);
        churn.attend();
        if (churn.created() / scenario.quietEvery() > quiet) {
          quiet++;
          compareBooks(cluster);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
      compareBooks(cluster);
      churn.finish();
    }
    List<String> evictions = evictions(cluster);
    Findings.line(
        cluster,
        "campaign, seed %d: %s; %d evictions; kills %s; %s; books compared %d times; %d s",
        scenario.seed(),
        churn,
        evictions.size(),
        kills.result(),
        invariants,
        quiet + 1,
        (System.nanoTime() - start) / 1_000_000_000);
    churn.excused().forEach(System.out::println);
    Findings.line(
        cluster,
        "campaign: away for ms: %s; the daemons' watches broke off %d times",
        kills.lengths(),
        footprint.reconnects());
    for (String line : footprint.lines()) {
      Findings.line(cluster, "campaign: %s", line);
    }
    assertThat(invariants.broken()).isEmpty();
    assertThat(churn.refused()).isEmpty();
    for (Scenario.Tenant tenant : scenario.tenants()) {
      if (tenant.untouchable()) {
        assertThat(evictions).noneMatch(pod -> pod.startsWith(tenant.name() + "/"));
      }
    }
  }

  private Map<String, Program> extenders() {
    return installed.map(Installed::extenders).orElse(Map.of());
  }

  /** Nothing is killed, created or sent away meanwhile; pods that end by themselves may do so. */
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
      if (Invariants.counts(pod)) {
        quarters += Invariants.quarters(pod);
      }
    }
    JsonNode tenant = cluster.kube().get("/apis/lamella.dev/v1alpha1/tenants/" + team.namespace());
    assertThat(new BigDecimal(tenant.at("/status/used/computeSlices").asText("0")))
        .as("used, in %s", tenant.path("status"))
        .isEqualByComparingTo(BigDecimal.valueOf(quarters / 4.0));
  }

  /** Who was evicted, by the API server's account. */
  private List<String> evictions(Cluster cluster) throws Exception {
    List<String> pods = new ArrayList<>();
    for (Audit write : Audit.read(cluster.plane().auditLog())) {
      if (write.what().equals("pods/eviction") && write.code() < 300) {
        pods.add(write.namespace() + "/" + write.name());
      }
    }
    return pods.stream()
        .filter(pod -> teams.containsKey(pod.substring(0, pod.indexOf('/'))))
        .collect(Collectors.toList());
  }
}
