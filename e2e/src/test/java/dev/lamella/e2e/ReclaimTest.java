package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A latency-critical pod takes the slice that its tenant was promised from best-effort pods, again
 * and again; pods that a disruption budget keeps stay.
 */
@ExtendWith(ClusterExtension.class)
class ReclaimTest {

  private static final String NODE = "gpu-b";
  private static final int PER_SLICE = 4;

  /** With the budget's pods on one, they fill the node's three slices of 1g.5gb. */
  private static final int SPARE = 8;

  private static final String TENANTS =
      """
      apiVersion: lamella.dev/v1alpha1
      kind: Tenant
      metadata: {name: promised}
      spec:
        namespaces: [promised]
        class: LatencyCritical
        priority: 1000
        quota: {guaranteed: {computeSlices: 1}}
      ---
      apiVersion: lamella.dev/v1alpha1
      kind: Tenant
      metadata: {name: lent}
      spec: {namespaces: [lent], class: BestEffort}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: kept, namespace: lent}
      spec:
        minAvailable: 4
        selector: {matchLabels: {budget: kept}}
      """;

  private Team promised;
  private Team lent;

  @BeforeEach
  void fill(Cluster cluster) throws Exception {
    promised = Team.create(cluster, "promised");
    lent = Team.create(cluster, "lent");
    cluster.kubectl().apply(TENANTS);
    for (int i = 0; i < PER_SLICE; i++) {
      lent.run(share("kept-" + i).labelled("budget", "kept"));
    }
    refill();
    Eventually.succeeds("the budget allows none", () -> requireBudget(cluster));
  }

  private static void requireBudget(Cluster cluster) throws Exception {
    JsonNode status =
        cluster
            .kube()
            .get("/apis/policy/v1/namespaces/lent/poddisruptionbudgets/kept")
            .path("status");
    assertThat(status.path("currentHealthy").asInt()).as("%s", status).isEqualTo(PER_SLICE);
    assertThat(status.path("disruptionsAllowed").asInt(-1)).isZero();
  }

  private static PodOf share(String name) {
    return PodOf.asking(name, PodOf.SHARE, 1).on(NODE);
  }

  /** Best-effort pods that are gone come back. */
  private void refill() throws Exception {
    Set<String> there = uids("spare-").keySet();
    for (int i = 0; i < SPARE; i++) {
      PodOf pod = share("spare-" + i);
      if (!there.contains(pod.name())) {
        Eventually.succeeds(pod.name() + " created, its predecessor gone", () -> lent.create(pod));
      }
    }
    for (int i = 0; i < SPARE; i++) {
      lent.await("spare-" + i, "Running");
    }
  }

  /** Those that are to stay: a pod that was evicted can be listed until its kubelet lets it go. */
  private Map<String, String> uids(String prefix) throws Exception {
    Map<String, String> uids = new TreeMap<>();
    for (JsonNode pod : lent.pods()) {
      boolean stays = pod.at("/metadata/deletionTimestamp").isMissingNode();
      if (stays && pod.at("/metadata/name").asText().startsWith(prefix)) {
        uids.put(pod.at("/metadata/name").asText(), Team.uid(pod));
      }
    }
    return uids;
  }

  @AfterEach
  void remove(Cluster cluster) throws Exception {
    promised.close();
    lent.close();
    cluster.kubectl().run("delete", "tenants", "promised", "lent");
  }

  @Test
  void thePromisedSliceIsTakenBackEachTime(Cluster cluster) throws Exception {
    int rounds = Boolean.getBoolean("lamella.soak") ? 50 : 5;
    Map<String, String> kept = uids("kept-");
    List<Long> millis = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Map<String, String> before = uids("spare-");
      long start = System.nanoTime();
      promised.run(PodOf.asking("claim-" + round, PodOf.WHOLE, 1).on(NODE));
      millis.add((System.nanoTime() - start) / 1_000_000);
      Set<String> evicted = new TreeSet<>(before.values());
      evicted.removeAll(uids("spare-").values());

      assertThat(evicted).as("evicted in round %d", round).hasSize(PER_SLICE);
      assertThat(uids("kept-")).isEqualTo(kept);
      Agreement.awaitAfterChurn(cluster, promised);
      Agreement.awaitAfterChurn(cluster, lent);
      promised.delete("claim-" + round);
      refill();
    }
    List<Long> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    Findings.line(
        cluster,
        "reclaim: %d rounds, 4 pods evicted each; created to running, ms: median %d, longest %d; %s",
        rounds,
        sorted.get(rounds / 2),
        sorted.get(rounds - 1),
        millis);
  }
}
