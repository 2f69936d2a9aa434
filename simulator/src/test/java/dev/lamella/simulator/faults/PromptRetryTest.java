package dev.lamella.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.simulator.kube.Await;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * How long after something has changed a blocked pod is poked, and bound. What kube-scheduler adds
 * with its own backoff is in the second number only.
 */
class PromptRetryTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String GPU_NODE = "/apis/lamella.dev/v1alpha1/gpunodes/n0";
  private static final String TENANT = "/apis/lamella.dev/v1alpha1/tenants/";
  private static final int ROUNDS = 3;

  /** What was changed, such that pod p fits. */
  private interface Change {
    void make() throws Exception;
  }

  @Test
  void blockedPodsArePokedWithinHalfASecond() throws Exception {
    try (Bed bed = new Bed(1, "1g.5gb@0, 1g.5gb@1").withExtender()) {
      List<List<Long>> pokes = List.of(list(), list(), list(), list());
      System.out.println("changed            poked after ms   bound after ms");
      for (int i = 0; i < ROUNDS; i++) {
        pokes.get(0).add(capacityFreed(bed));
        pokes.get(1).add(quotaRaised(bed));
        pokes.get(2).add(tenantCreated(bed));
        pokes.get(3).add(sliceUncordoned(bed));
      }
      assertThat(pokes).allSatisfy(times -> assertThat(least(times)).isLessThan(500));
    }
  }

  private static List<Long> list() {
    return new ArrayList<>();
  }

  /** The fastest of the rounds: others may use the machine meanwhile. */
  private static long least(List<Long> times) {
    return Collections.min(times);
  }

  private static long capacityFreed(Bed bed) throws Exception {
    bed.pod("default", "one", WHOLE, 1);
    bed.pod("default", "two", WHOLE, 1);
    bed.awaitRunning("one", "two");
    bed.pod("default", "p", WHOLE, 1);
    blocked(bed);
    bed.delete("default", "one");
    Await.until(() -> "one goes", () -> bed.pod("one").isEmpty());
    long took = measure(bed, "capacity freed", Instant.now());
    clean(bed, "two", "p");
    return took;
  }

  private static long quotaRaised(Bed bed) throws Exception {
    bed.tenant("default", "BestEffort", 0, "{limit: {computeSlices: '0'}}");
    awaitOwner(bed, "default");
    bed.pod("default", "p", WHOLE, 1);
    blocked(bed);
    long took =
        measure(
            bed,
            "quota raised",
            () -> bed.patch(TENANT + "default", "{spec: {quota: {limit: {computeSlices: '2'}}}}"));
    clean(bed, "p");
    bed.remove(TENANT + "default");
    return took;
  }

  private static long tenantCreated(Bed bed) throws Exception {
    bed.apply(
        """
        apiVersion: lamella.dev/v1alpha1
        kind: Tenant
        metadata: {name: none}
        spec:
          class: BestEffort
          namespaceSelector:
            matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [x]}]
          quota: {limit: {computeSlices: '0'}}
        """);
    awaitOwner(bed, "none");
    bed.pod("default", "p", WHOLE, 1);
    blocked(bed);
    long took =
        measure(
            bed,
            "tenant created",
            () -> bed.tenant("default", "BestEffort", 0, "{limit: {computeSlices: '1'}}"));
    clean(bed, "p");
    bed.remove(TENANT + "default");
    bed.remove(TENANT + "none");
    return took;
  }

  private static long sliceUncordoned(Bed bed) throws Exception {
    JsonNode gpu = bed.get(GPU_NODE).at("/status/gpus/0/uuid");
    bed.patch(GPU_NODE, "{spec: {cordoned: [%s]}}".formatted(gpu.asText()));
    awaitSeen(bed, seen -> seen.node("n0").orElseThrow().slices().get(0).cordoned());
    bed.pod("default", "p", WHOLE, 1);
    blocked(bed);
    long took = measure(bed, "GPU uncordoned", () -> bed.patch(GPU_NODE, "{spec: {cordoned: []}}"));
    clean(bed, "p");
    return took;
  }

  /** A pod that comes before the extender has seen what keeps it out is bound. */
  private static void awaitSeen(Bed bed, Predicate<Snapshot> what) {
    Await.until(
        () -> "the extender sees " + bed.extender().snapshot(),
        () -> what.test(bed.extender().snapshot()));
  }

  private static void awaitOwner(Bed bed, String tenant) {
    awaitSeen(bed, seen -> seen.tenants().of("default").name().equals(tenant));
  }

  private static void blocked(Bed bed) {
    Await.until(
        () -> "blocked: " + bed.pods(), () -> !bed.pod("p").orElseThrow().reason().isEmpty());
  }

  private static long measure(Bed bed, String what, Change change) throws Exception {
    Instant before = Instant.now();
    change.make();
    return measure(bed, what, before);
  }

  /** Answers after how many milliseconds the pod was poked; bound, if that was sooner. */
  private static long measure(Bed bed, String what, Instant changed) throws Exception {
    bed.awaitRunning("p");
    long bound =
        bed.pod("p").orElseThrow().assignment().orElseThrow().boundAt() - changed.toEpochMilli();
    String at =
        bed.get("/api/v1/namespaces/default/pods/p")
            .at("/metadata/annotations/lamella.dev~1poked-at")
            .asText();
    long poked = at.isEmpty() ? bound : Instant.parse(at).toEpochMilli() - changed.toEpochMilli();
    long ours = Math.min(poked, bound);
    System.out.printf("%-18s %14d   %14d%n", what, ours, bound);
    return ours;
  }

  private static void clean(Bed bed, String... names) throws Exception {
    for (String name : names) {
      bed.delete("default", name);
    }
    Await.until(() -> "gone: " + bed.pods(), () -> bed.pods().isEmpty());
  }
}
