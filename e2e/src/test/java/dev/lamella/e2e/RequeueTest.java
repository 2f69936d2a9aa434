package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.extender.kube.PodWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How long a pod that was refused waits once it fits: until the extender pokes it, which is ours,
 * and from then until it is bound, which is kube-scheduler's backoff and one attempt.
 */
@ExtendWith(ClusterExtension.class)
class RequeueTest {

  private static final String NODE = "gpu-b";
  private static final String ONLY = "nvidia.com/mig-4g.20gb";
  private static final String CORDONED = "\"cordoned\":true";
  private static final int ROUNDS = 3;
  private static final long OURS_MILLIS = 15_000;

  private final Map<String, Long> poked = new ConcurrentHashMap<>();
  private final Map<String, Long> bound = new ConcurrentHashMap<>();
  private final List<String> times = new ArrayList<>();
  private Team team;
  private PodHistory history;

  @BeforeEach
  void create(Cluster cluster) throws Exception {
    team = Team.create(cluster, "requeue");
    history = PodHistory.start(cluster.kube(), team, this::seen);
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

  @AfterEach
  void remove() {
    history.close();
    team.close();
  }

  private void refuse(String name, String resource, String reason) throws Exception {
    team.create(PodOf.asking(name, resource, 1).on(NODE));
    Eventually.succeeds(
        name + " refused",
        () ->
            assertThat(team.events(name))
                .anyMatch(e -> e.startsWith("FailedScheduling") && e.contains(reason)));
  }

  /** What happened to a pod after it came to fit. */
  private void account(String what, String name, long fits) throws Exception {
    team.await(name, "Running");
    long end = bound.get(name);
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

  private void print(Cluster cluster) throws Exception {
    Findings.line(cluster, "requeue, ms until poked + until bound: %s", String.join(", ", times));
  }

  @Test
  void freedCapacity(Cluster cluster) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      team.run(PodOf.asking("holds-" + round, ONLY, 1).on(NODE));
      refuse("waits-" + round, ONLY, "no free");
      long fits = System.nanoTime();
      team.delete("holds-" + round);
      account("freed", "waits-" + round, fits);
      team.delete("waits-" + round);
    }
    print(cluster);
  }

  @Test
  void raisedQuota(Cluster cluster) throws Exception {
    String tenant =
        """
        apiVersion: lamella.dev/v1alpha1
        kind: Tenant
        metadata: {name: requeue}
        spec:
          namespaces: [requeue]
          class: LatencyCritical
          quota: {limit: {computeSlices: %d}}
        """;
    try {
      for (int round = 0; round < ROUNDS; round++) {
        cluster.kubectl().apply(tenant.formatted(round));
        refuse("waits-" + round, PodOf.WHOLE, "limit of " + round);
        long fits = System.nanoTime();
        Map<String, Object> limit = Map.of("computeSlices", round + 1);
        cluster
            .kube()
            .patch(
                "/apis/lamella.dev/v1alpha1/tenants/requeue",
                Map.of("spec", Map.of("quota", Map.of("limit", limit))));
        account("quota", "waits-" + round, fits);
      }
    } finally {
      cluster.kubectl().run("delete", "tenant", "requeue");
    }
    print(cluster);
  }

  @Test
  void uncordonedSlice(Cluster cluster) throws Exception {
    String slice =
        cluster.gpuNode(NODE).slices().stream()
            .filter(s -> s.profile().equals("4g.20gb"))
            .map(SliceStatus::uuid)
            .findFirst()
            .orElseThrow();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        cordon(cluster, List.of(slice));
        Eventually.succeeds(
            "the extender knows",
            () -> assertThat(Web.get(cluster.extenderUrl() + "/state")).contains(CORDONED));
        refuse("waits-" + round, ONLY, "");
        long fits = System.nanoTime();
        cordon(cluster, List.of());
        account("uncordoned", "waits-" + round, fits);
        team.delete("waits-" + round);
      }
    } finally {
      cordon(cluster, List.of());
    }
    print(cluster);
  }

  private static void cordon(Cluster cluster, List<String> slices) throws Exception {
    cluster
        .kube()
        .patch(
            "/apis/lamella.dev/v1alpha1/gpunodes/" + NODE,
            Map.of("spec", Map.of("cordoned", slices)));
  }
}
