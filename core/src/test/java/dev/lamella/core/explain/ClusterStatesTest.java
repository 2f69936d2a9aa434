package dev.lamella.core.explain;

import static dev.lamella.core.TestTenants.bestEffort;
import static dev.lamella.core.TestTenants.latencyCritical;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.ScenarioTable;
import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.GpuNodeFact;
import dev.lamella.core.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ClusterStatesTest {

  private final Scenario scenario =
      new Scenario()
          .node("b", "1g.5gb@0")
          .node("a", "1g.5gb@0 1g.5gb@1 3g.20gb@4")
          .tenant(latencyCritical("alpha", 1000, "5"))
          .tenant(bestEffort("beta", 0, null));

  private ClusterState state(Viewer viewer) {
    ScenarioTable.check(
        scenario,
        """
        bind beta/s1 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        bind beta/w mig-1g.5gb*1 a           | a/0/1g.5gb@1
        bind alpha/p mig-3g.20gb*1 a         | a/0/3g.20gb@4
        """);
    Offer offer = new Offer(List.of("a"), Map.of("no free 1g.5gb slice", 1), 5, 7);
    return ClusterStates.of(
        scenario.snapshot(),
        List.of(
            new Waiting(ExplainerTest.pod("beta/late", "mig-1g.5gb", 1), Optional.empty()),
            new Waiting(ExplainerTest.pod("beta/early", "mig-1g.5gb", 1), Optional.of(offer))),
        viewer,
        ClusterState.Page.ALL);
  }

  @Test
  void showsGeometryModesAndHolders() {
    ClusterState state = state(Viewer.ALL);

    assertThat(state.nodes()).extracting(ClusterState.Node::name).containsExactly("a", "b");
    ClusterState.Gpu gpu = state.nodes().get(0).gpus().get(0);
    assertThat(gpu.computeSlots()).isEqualTo(7);
    assertThat(gpu.memorySlots()).isEqualTo(8);
    assertThat(gpu.slices())
        .extracting(
            s ->
                s.profile()
                    + "@"
                    + s.start()
                    + "+"
                    + s.size()
                    + " "
                    + s.mode()
                    + " "
                    + s.sharesUsed()
                    + " "
                    + s.holders().get(0).name()
                    + " "
                    + s.holders().get(0).borrowing())
        .containsExactly(
            "1g.5gb@0+1 Shared 1 s1 true",
            "1g.5gb@1+1 Whole 0 w true",
            "3g.20gb@4+4 Whole 0 p false");
  }

  @Test
  void showsWhatTenantsUseBorrowAndLend() {
    List<ClusterState.TenantState> tenants = state(Viewer.ALL).tenants();

    assertThat(tenants).extracting(ClusterState.TenantState::name).containsExactly("alpha", "beta");
    ClusterState.TenantState alpha = tenants.get(0);
    ClusterState.TenantState beta = tenants.get(1);
    assertThat(alpha.guaranteed().computeSlices()).isEqualByComparingTo("5");
    assertThat(alpha.used().computeSlices()).isEqualByComparingTo("3");
    assertThat(beta.borrowed().computeSlices()).isEqualByComparingTo("1.25");
    // 6 there are, 5 promised: of the 1.25 borrowed 0.25 stand on alpha's promise.
    assertThat(alpha.lent().computeSlices()).isEqualByComparingTo("0.25");
    assertThat(beta.lent().computeSlices()).isEqualByComparingTo("0");
    assertThat(beta.waiting()).isEqualTo(2);
  }

  @Test
  void waitingPodsHaveTheirReasonAndThoseUnseenAreCounted() {
    ClusterState all = state(Viewer.ALL);
    ClusterState alphas =
        ClusterStates.of(
            scenario.snapshot(),
            List.of(new Waiting(ExplainerTest.pod("beta/late", "mig-1g.5gb", 1), Optional.empty())),
            pod -> pod.namespace().equals("alpha"),
            ClusterState.Page.ALL);

    assertThat(all.waiting())
        .extracting(ClusterState.WaitingPod::name)
        .containsExactly("early", "late");
    assertThat(all.waiting().get(0).reason()).isEqualTo("no free 1g.5gb slice");
    assertThat(alphas.waiting()).isEmpty();
    assertThat(alphas.waitingUnseen()).isEqualTo(Map.of("beta", 1));
    assertThat(alphas.toString()).doesNotContain("namespace=beta", "late", "s1");
  }

  @Test
  void aLargeClusterIsReadPageByPage() {
    ClusterState first = page("");
    ClusterState second = page(first.next());

    assertThat(first.nodes()).extracting(ClusterState.Node::name).containsExactly("a");
    assertThat(first.nodesTotal()).isEqualTo(2);
    assertThat(first.waiting()).hasSize(1);
    assertThat(second.nodes()).extracting(ClusterState.Node::name).containsExactly("b");
    assertThat(second.next()).isNull();
  }

  private ClusterState page(String after) {
    return ClusterStates.of(
        scenario.snapshot(),
        List.of(
            new Waiting(ExplainerTest.pod("beta/p1", "mig-1g.5gb", 1), Optional.empty()),
            new Waiting(ExplainerTest.pod("beta/p2", "mig-1g.5gb", 1), Optional.empty())),
        Viewer.ALL,
        new ClusterState.Page(after, 1));
  }

  @Test
  void aSliceThatWaitsForItsNodesReportSaysWhy() {
    Scenario doubts = new Scenario().node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2 2g.10gb@4");
    doubts.step("bind x/p0 mig-1g.5gb.shared*1 a");
    doubts.step("bind x/p1 mig-1g.5gb.shared*1 a");
    doubts.step("bind x/p2 mig-1g.5gb*1 a");
    doubts.step("bind x/p3 mig-2g.10gb.shared*1 a");
    doubts.step("refuse p1");
    doubts.step("end p2");
    doubts.step("end p3");

    assertThat(awaited(doubts))
        .containsExactly(
            "1g.5gb@0 Shared true its node refused a pod here: nobody gets any of it before the"
                + " node's next report",
            "1g.5gb@1 Free true it was held whole: it is shared only after the node's next report",
            "1g.5gb@2 Free false null",
            "2g.10gb@4 Free true it was shared: it is given whole only after the node's next report");

    doubts.step("report a");

    assertThat(awaited(doubts)).allMatch(line -> line.endsWith("false null"));
  }

  private static List<String> awaited(Scenario scenario) {
    return ClusterStates.of(scenario.snapshot(), List.of(), Viewer.ALL, ClusterState.Page.ALL)
        .nodes()
        .get(0)
        .gpus()
        .get(0)
        .slices()
        .stream()
        .map(
            s ->
                "%s@%d %s %s %s"
                    .formatted(
                        s.profile(), s.start(), s.mode(), s.awaitsReport(), s.awaitsReason()))
        .toList();
  }

  @Test
  void aSickSliceHasItsReasonAndIsCordonedBesides() {
    SliceStatus sick =
        new SliceStatus(
            "MIG-x", "1g.5gb", null, 1, 4864, 0, 1, "Unhealthy", "Xid 94", "Free", 4, List.of());
    SliceStatus kept =
        new SliceStatus(
            "MIG-y", "1g.5gb", "", 1, 4864, 1, 1, "Healthy", "Xid 94", "Free", 4, List.of());
    GpuStatus gpu = new GpuStatus("GPU-x", "A30", true, null, List.of(sick, kept));
    Ledger ledger = new Ledger();
    ledger.apply(
        new Event.GpuNodeSeen(
            new GpuNodeFact(
                "x",
                1,
                new GpuNodeSpec(List.of("MIG-x")),
                new GpuNodeStatus(true, "575", "1", List.of(gpu), List.of()))));

    assertThat(
            ClusterStates.of(ledger.snapshot(), List.of(), Viewer.ALL, List.of("x", "nowhere"), 10)
                .nodes())
        .singleElement()
        .extracting(node -> node.gpus().get(0).slices())
        .asInstanceOf(InstanceOfAssertFactories.list(ClusterState.SliceLine.class))
        .extracting(
            s -> s.health() + " " + s.healthReason() + " " + s.cordoned() + " " + s.advertised())
        .containsExactly("Unhealthy Xid 94 true true", "Healthy null false false");
  }
}
