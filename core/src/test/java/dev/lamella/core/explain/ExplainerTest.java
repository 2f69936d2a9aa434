package dev.lamella.core.explain;

import static dev.lamella.core.TestTenants.bestEffort;
import static dev.lamella.core.TestTenants.latencyCritical;
import static dev.lamella.core.TestTenants.quota;
import static dev.lamella.core.TestTenants.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.ScenarioTable;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reclaim.DisruptionBudget;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.TenantClass;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said of pods that wait. Alpha is latency-critical, beta and gamma are best-effort. */
class ExplainerTest {

  private static Scenario cluster(String guaranteed) {
    return new Scenario()
        .node("a", "1g.5gb@0 1g.5gb@1 3g.20gb@4")
        .tenant(latencyCritical("alpha", 1000, guaranteed))
        .tenant(bestEffort("beta", 0, null));
  }

  static PodFact pod(String who, String resource, int count) {
    String[] name = who.split("/");
    return new PodFact(
        new PodRef("uid-" + name[1], name[0], name[1]),
        500,
        Optional.empty(),
        Phase.PENDING,
        0,
        PodNeeds.of(ResourceName.parse("nvidia.com/" + resource).orElseThrow(), count),
        Optional.empty(),
        PodFact.Traits.ORDINARY);
  }

  @Test
  void everySliceSaysWhatRulesItOutAndWhoHoldsIt() {
    Scenario scenario = cluster("0");
    ScenarioTable.check(
        scenario,
        """
        bind beta/s1 mig-1g.5gb.shared*2 a   | a/0/1g.5gb@0 x2
        bind beta/s2 mig-1g.5gb.shared*2 a   | a/0/1g.5gb@0 x2
        bind alpha/w mig-1g.5gb*1 a          | a/0/1g.5gb@1
        """);
    ExplainTable table = new ExplainTable(scenario);

    Explanation whole = table.explain(pod("beta/p", "mig-1g.5gb", 1), Viewer.ALL, 5, "a");
    Explanation share = table.explain(pod("beta/p", "mig-1g.5gb.shared", 1), Viewer.ALL, 5, "a");

    ExplainTable.check(
        ExplainTable.slices(whole),
        """
        a/0/1g.5gb@0 HELD_IN_SHARES s1 s2
        a/0/1g.5gb@1 HELD_WHOLE w
        """);
    ExplainTable.check(
        ExplainTable.slices(share),
        """
        a/0/1g.5gb@0 NO_SHARE_LEFT s1 s2
        a/0/1g.5gb@1 HELD_WHOLE w
        """);
    assertThat(whole.summary()).isEqualTo("no free 1g.5gb slice");
    assertThat(whole.placement().groups().get(0).shown().get(0).otherSlices())
        .isEqualTo(Map.of("3g.20gb", 1));
    assertThat(whole.reclaim().rule()).isEqualTo("MAY_NOT_RECLAIM");
  }

  @Test
  void aSliceThatWaitsForTheNodesWordSaysSo() {
    Scenario scenario = cluster("2");
    ScenarioTable.check(
        scenario,
        """
        bind beta/s1 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        end s1                               | ok
        """);

    Explanation found =
        new ExplainTable(scenario).explain(pod("alpha/p", "mig-1g.5gb", 2), Viewer.ALL, 5, "a");

    ExplainTable.check(ExplainTable.slices(found), "a/0/1g.5gb@0 AWAITS_REPORT\na/0/1g.5gb@1 NONE");
    assertThat(found.placement().groups().get(0).rule()).isEqualTo("AWAITS_REPORT");
  }

  @Test
  void nodesThatKubeSchedulerNeverOfferedAreMarked() {
    Scenario scenario = cluster("4").node("b", "1g.5gb@0").node("c", "3g.20gb@0");
    ScenarioTable.check(
        scenario,
        """
        bind alpha/w1 mig-1g.5gb*2 a         | a/0/1g.5gb@0+a/0/1g.5gb@1
        """);

    Explanation found =
        new ExplainTable(scenario).explain(pod("alpha/p", "mig-1g.5gb", 1), Viewer.ALL, 5, "a");

    assertThat(ExplainTable.groups(found))
        .isEqualTo("1/0 fits, 1/1 NO_FREE_SLICE, 1/0 PROFILE_ABSENT");
    assertThat(found.placement().groups().get(0).shown().get(0).offered()).isFalse();
    assertThat(found.summary())
        .startsWith("it would fit only on nodes that kube-scheduler did not offer");
  }

  @Test
  void whatKubeSchedulerHasNotAskedIsSaid() {
    Explanation found =
        new ExplainTable(cluster("2")).explain(pod("alpha/p", "mig-1g.5gb", 1), Viewer.ALL, 5);

    assertThat(found.placement().offered()).isNull();
    assertThat(found.decided()).isNull();
    assertThat(found.summary())
        .isEqualTo("it would fit on 1 node, but kube-scheduler has not asked about it");
  }

  @Test
  void manyNodesAreOneGroupOfWhichTheOfferedComeFirst() {
    Scenario scenario = new Scenario().tenant(latencyCritical("alpha", 1000, "4"));
    for (int i = 10; i < 60; i++) {
      scenario.node("n" + i, "3g.20gb@0");
    }

    Explanation found =
        new ExplainTable(scenario).explain(pod("alpha/p", "mig-1g.5gb", 1), Viewer.ALL, 2, "n33");

    assertThat(ExplainTable.groups(found)).isEqualTo("50/1 PROFILE_ABSENT");
    assertThat(found.placement().groups().get(0).shown())
        .extracting(NodeAccount::name)
        .containsExactly("n33", "n10");
  }

  @Test
  void reclaimSaysWhoMayBeTakenAndWhoStays() {
    Scenario scenario = cluster("2").tenant(bestEffort("gamma", 0, "1"));
    ScenarioTable.check(
        scenario,
        """
        bind beta/s1 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        bind gamma/g mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        bind alpha/w mig-1g.5gb*1 a          | a/0/1g.5gb@1
        """);

    Explanation found =
        new ExplainTable(scenario).explain(pod("alpha/p", "mig-1g.5gb", 1), Viewer.ALL, 5, "a");

    ExplainTable.check(
        ExplainTable.slices(found),
        """
        a/0/1g.5gb@0 HELD_IN_SHARES s1[borrowed, may be taken] g[guaranteed share, may go if its \
        tenant keeps its guarantee or it fits elsewhere]
        a/0/1g.5gb@1 HELD_WHOLE w[guaranteed, stays]
        """);
    assertThat(found.reclaim().state()).isEqualTo("Refused");
    assertThat(found.reclaim().rule()).isEqualTo("NOTHING_TO_RECLAIM");
  }

  @Test
  void reclaimNamesVictimsAndTheBudgetThatForbidsThem() {
    Scenario scenario = cluster("2");
    ScenarioTable.check(
        scenario,
        """
        bind beta/s1 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@1 x4
        """);
    DisruptionBudget budget = new DisruptionBudget("beta/keep", 0, Set.of("uid-s1", "uid-s2"));
    ExplainTable table = new ExplainTable(scenario, budget);

    Explanation found = table.explain(pod("alpha/p", "mig-1g.5gb", 1), Viewer.ALL, 5, "a");
    Explanation alphas =
        table.explain(
            pod("alpha/p", "mig-1g.5gb", 1), pod -> pod.namespace().equals("alpha"), 5, "a");

    assertThat(found.reclaim().state()).isEqualTo("Possible");
    assertThat(found.reclaim().victims()).extracting(Holder::name).containsExactly("s2");
    assertThat(found.reclaim().budgets()).containsExactly("beta/keep");
    assertThat(alphas.reclaim().victims()).extracting(Holder::tenant).containsExactly("beta");
    assertThat(alphas.reclaim().budgets()).containsExactly("one of another tenant");
  }

  @Test
  void aReservationSaysWhomItWaitsFor() {
    Scenario scenario = cluster("2");
    ScenarioTable.check(
        scenario,
        """
        bind beta/s1 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@1 x4
        reserve alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@1
        terminate s2                         | ok
        """);

    Explanation found =
        new ExplainTable(scenario).explain(pod("alpha/p", "mig-1g.5gb", 1), Viewer.ALL, 5, "a");

    assertThat(found.reservation().slices())
        .extracting(SlicePlace::uuid)
        .containsExactly("a/0/1g.5gb@1");
    assertThat(found.reservation().waitsFor()).extracting(ExplainTable::text).containsExactly("s2");
    assertThat(found.reservation().waitsFor().get(0).leaving()).isTrue();
    assertThat(found.summary())
        .isEqualTo("slices on node a are kept for it; it waits for 1 pod to leave");
    assertThat(found.quota().counted()).isTrue();
    assertThat(found.quota().used().computeSlices()).isEqualByComparingTo("1");
  }

  @Test
  void whoMayNotSeeAPodLearnsItsTenantAlone() {
    Scenario scenario = cluster("2");
    ScenarioTable.check(
        scenario,
        """
        bind beta/secret-name mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/other-name mig-1g.5gb.shared*4 a    | a/0/1g.5gb@1 x4
        reserve alpha/q mig-1g.5gb*1 a                | a/0/1g.5gb@1
        """);
    Viewer alphas = pod -> pod.namespace().equals("alpha");

    Explanation found =
        new ExplainTable(scenario).explain(pod("alpha/p", "mig-1g.5gb", 1), alphas, 5, "a");

    assertThat(found.toString())
        .doesNotContain("secret-name", "other-name", "namespace=beta")
        .contains("tenant=beta");
    assertThat(ExplainTable.slices(found)).contains("q(reserved)");
  }

  @Test
  void quotaShowsWhatThePodWouldAdd() {
    Scenario scenario =
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2")
            .tenant(tenant("alpha", TenantClass.LATENCY_CRITICAL, 9, "default", quota("1", "2")));
    ScenarioTable.check(
        scenario,
        """
        bind alpha/w mig-1g.5gb*2 a   | a/0/1g.5gb@0+a/0/1g.5gb@1
        """);

    Explanation found =
        new ExplainTable(scenario)
            .explain(pod("alpha/p", "mig-1g.5gb.shared", 1), Viewer.ALL, 5, "a");

    QuotaAccount quota = found.quota();
    assertThat(quota.standing()).isEqualTo("Refused");
    assertThat(quota.rule()).isEqualTo("TENANT_LIMIT");
    assertThat(quota.adds().computeSlices()).isEqualByComparingTo("0.25");
    assertThat(quota.used().computeSlices()).isEqualByComparingTo("2");
    assertThat(quota.limit().computeSlices()).isEqualByComparingTo("2");
    assertThat(quota.limit().memoryMiB()).isNull();
  }

  @Test
  void aBoundPodSaysWhichSlicesItHolds() {
    Scenario scenario = cluster("2");
    ScenarioTable.check(
        scenario,
        """
        bind alpha/w mig-1g.5gb*1 a          | a/0/1g.5gb@0
        bind beta/s mig-1g.5gb.shared*3 a    | a/0/1g.5gb@1 x3
        """);
    ExplainTable table = new ExplainTable(scenario);

    Explanation share = table.explain(scenario.pod("s"), Viewer.ALL, 5);

    assertThat(share.state()).isEqualTo("Bound");
    assertThat(share.placement()).isNull();
    assertThat(share.quota().standing()).isEqualTo("Borrowing");
    assertThat(share.decided().what()).isEqualTo("Bound");
    assertThat(share.decided().node()).isEqualTo("a");
    assertThat(share.assignment())
        .containsExactly(new SlicePlace("a", "a/0", 0, "a/0/1g.5gb@1", "1g.5gb", 1, 1, 3, 4));
    ScenarioTable.check(scenario, "end s | ok");
    assertThat(table.explain(scenario.pod("s"), Viewer.ALL, 5).state()).isEqualTo("Ended");
  }

  /** The explanation repeats no rule: slices with no obstacle are those that the placer can use. */
  @Test
  void theObstaclesAgreeWithThePlacer() {
    Scenario scenario = cluster("3");
    String[] steps = {
      "bind beta/s1 mig-1g.5gb.shared*2 a",
      "bind alpha/w mig-1g.5gb*1 a",
      "bind beta/s2 mig-3g.20gb.shared*4 a",
      "end s1",
      "report a",
      "delete w",
      "end s2",
      "report a"
    };
    for (String step : steps) {
      scenario.step(step);
      for (String profile : List.of("1g.5gb", "3g.20gb")) {
        for (String mode : List.of("", ".shared")) {
          agree(scenario, pod("gamma/p", "mig-" + profile + mode, 1), step);
        }
      }
    }
  }

  private static void agree(Scenario scenario, PodFact pod, String after) {
    ResourceName resource = pod.needs().totals().firstKey();
    NodeState node = scenario.snapshot().node("a").orElseThrow();
    boolean usable = false;
    for (SliceState slice : node.slices(resource.profile())) {
      usable |= Slices.obstacle(slice, resource) == SliceAccount.Obstacle.NONE;
    }
    Verdict verdict =
        PodPlacer.of(PodRequest.of(pod, 1), scenario.snapshot(), PlacementPolicy.PACK).place("a");
    boolean quota =
        verdict instanceof Verdict.Rejected no
            && no.reason().rule().name().equals("NOTHING_TO_BORROW");
    assertThat(usable)
        .as(resource + " after " + after)
        .isEqualTo(verdict instanceof Verdict.Fits || quota);
  }
}
