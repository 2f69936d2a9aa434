package dev.lamella.core.reclaim;

import static dev.lamella.core.TestTenants.bestEffort;
import static dev.lamella.core.TestTenants.latencyCritical;
import static dev.lamella.core.TestTenants.quota;
import static dev.lamella.core.TestTenants.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.TenantClass;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Alpha is latency-critical and promised two slices, beta is best-effort, gamma too, with a limit
 * of one.
 */
class PreemptionTest {

  private final Scenario cluster =
      new Scenario()
          .node("a", "1g.5gb@0 1g.5gb@1")
          .node("b", "1g.5gb@0")
          .tenant(latencyCritical("alpha", 1000, "2"))
          .tenant(bestEffort("beta", 0, null))
          .tenant(tenant("gamma", TenantClass.BEST_EFFORT, 0, "default", quota(null, "1")));

  @Test
  void aNodeIsKeptWhereThePodFitsOnceTheVictimsAreGone() {
    cluster.step("bind beta/s1 mig-1g.5gb.shared*4 b");

    assertThat(refusals("alpha", "b: s1")).isEmpty();
  }

  @Test
  void aNodeIsDroppedWhereItWouldNotFitEvenThen() {
    cluster.step("bind beta/s1 mig-1g.5gb.shared*2 b");
    cluster.step("bind beta/s2 mig-1g.5gb.shared*2 b");

    assertThat(refusals("alpha", "b: s1", "none: x"))
        .isEqualTo(
            Map.of(
                "b", "no free 1g.5gb slice",
                "none", "node has no GPUs that Lamella manages"));
    assertThat(refusals("alpha", "b: s1 s2")).isEmpty();
  }

  @Test
  void aNodeWithoutVictimsIsKeptWhereThePodFitsNow() {
    cluster.step("bind beta/w mig-1g.5gb*1 b");

    assertThat(refusals("alpha", "a:", "b:")).isEqualTo(Map.of("b", "no free 1g.5gb slice"));
  }

  @Test
  void victimsThatHoldNoSlicesAreNotLamellasAffair() {
    assertThat(refusals("alpha", "a: web-1 web-2")).isEmpty();
  }

  @Test
  void aGuaranteedLatencyCriticalPodIsNobodysVictim() {
    cluster.step("bind alpha/p mig-1g.5gb*1 b");

    assertThat(refusals("beta", "b: p"))
        .isEqualTo(Map.of("b", "a guaranteed latency-critical pod would have to go"));
  }

  @Test
  void oneThatBorrowsMayGo() {
    cluster.step("bind alpha/p1 mig-1g.5gb*1 a");
    cluster.step("bind alpha/p2 mig-1g.5gb*1 a");
    cluster.step("bind alpha/p3 mig-1g.5gb*1 b");

    assertThat(refusals("alpha", "b: p3", "a: p1"))
        .isEqualTo(Map.of("a", "a guaranteed latency-critical pod would have to go"));
  }

  @Test
  void whatTheVictimsGiveBackCountsForTheQuotaToo() {
    cluster.step("bind gamma/g mig-1g.5gb*1 b");

    assertThat(refusals("gamma", "a:").get("a")).contains("would exceed its quota limit");
    assertThat(refusals("gamma", "b: g")).isEmpty();
  }

  @Test
  void theSnapshotWithoutPodsEqualsTheOneInWhichTheyNeverWere() {
    cluster.step("bind beta/s1 mig-1g.5gb.shared*3 a");
    Snapshot before = cluster.snapshot();
    cluster.step("bind alpha/p mig-1g.5gb*1 a");

    Snapshot without = cluster.snapshot().without("a", Set.of("uid-p", "uid-unknown"));

    assertThat(without.nodes()).isEqualTo(before.nodes());
    assertThat(without.usages().get("beta")).isEqualTo(before.usages().get("beta"));
    assertThat(without.usages().get("alpha").ranked()).isEmpty();
    assertThat(cluster.snapshot().without("b", Set.of("uid-p"))).isEqualTo(cluster.snapshot());
  }

  /** By node, the sentence; nodes given as "node: victim victim". */
  private Map<String, String> refusals(String namespace, String... nodes) {
    Map<String, Set<String>> victims = new TreeMap<>();
    for (String node : nodes) {
      String[] parts = node.split(":");
      victims.put(
          parts[0],
          parts.length < 2
              ? Set.of()
              : Arrays.stream(parts[1].trim().split(" "))
                  .map(name -> "uid-" + name)
                  .collect(Collectors.toSet()));
    }
    PodRequest pod =
        new PodRequest(
            new PodRef("uid-new", namespace, "new"),
            0,
            PodNeeds.of(ResourceName.whole("1g.5gb"), 1),
            PodFact.Traits.ORDINARY,
            5_000);
    Map<String, String> sentences = new TreeMap<>();
    Preemption.refusals(pod, victims, cluster.snapshot(), PlacementPolicy.PACK)
        .forEach((node, reason) -> sentences.put(node, reason.sentence()));
    return sentences;
  }
}
