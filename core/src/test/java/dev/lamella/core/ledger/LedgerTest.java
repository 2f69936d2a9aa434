package dev.lamella.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.ScenarioTable;
import dev.lamella.core.amount.Amount;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");

  @Test
  void aSliceOfAPodThatEndedIsReusedInItsModeAtOnceAndInTheOtherAfterTheReport() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0"),
        """
        bind x/p1 mig-1g.5gb*1 a          | a/0/1g.5gb@0
        end p1                            | ok
        free nvidia.com/mig-1g.5gb a      | 1
        free nvidia.com/mig-1g.5gb.shared a | 0
        bind x/p2 mig-1g.5gb.shared*1 a   | a 1g.5gb slice is about to be free
        report a without-looking          | ok
        free nvidia.com/mig-1g.5gb.shared a | 0
        report a                          | ok
        bind x/p3 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        """);
  }

  @Test
  void aSliceOnWhichAPodWasRefusedIsGivenToNobodyBeforeTheReport() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0"),
        """
        bind x/p1 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        bind x/p2 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        refuse p2                         | ok
        used (unclaimed)                  | 0.25
        free nvidia.com/mig-1g.5gb.shared a | 0
        bind x/p3 mig-1g.5gb.shared*1 a   | node has just refused a pod, its report is awaited
        report a without-looking          | ok
        free nvidia.com/mig-1g.5gb.shared a | 0
        report a                          | ok
        free nvidia.com/mig-1g.5gb.shared a | 3
        delete p2                         | ok
        free nvidia.com/mig-1g.5gb.shared a | 3
        """);
  }

  @Test
  void aNodeThatRefusedAPodTakesNoneBeforeTheReport() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0", "1g.5gb@1"),
        """
        bind x/p1 mig-1g.5gb*1 a          | a/0/1g.5gb@0
        refuse p1                         | ok
        bind x/p2 mig-1g.5gb*1 a          | node has just refused a pod, its report is awaited
        report a without-looking          | ok
        bind x/p2 mig-1g.5gb*1 a          | node has just refused a pod, its report is awaited
        report a                          | ok
        bind x/p2 mig-1g.5gb*1 a          | a/0/1g.5gb@0
        """);
  }

  @Test
  void whatIsWrittenToAPodThatEndedIsNoNewsOfItsNode() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0"),
        """
        bind x/p1 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        end p1                            | ok
        report a                          | ok
        end p1                            | ok
        bind x/p2 mig-1g.5gb*1 a          | a/0/1g.5gb@0
        """);
  }

  @Test
  void theSliceThatAPodLeftToAnotherIsKeptForItUntilItIsAdmitted() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 1g.5gb@1"),
        """
        bind x/p1 mig-1g.5gb*1 a            | a/0/1g.5gb@0
        bind x/p2 mig-1g.5gb*1 a            | a/0/1g.5gb@1
        admitted a p2=a/0/1g.5gb@0          | ok
        free nvidia.com/mig-1g.5gb a        | 0
        free nvidia.com/mig-1g.5gb.shared a | 0
        admitted a p2=a/0/1g.5gb@0 p1=a/0/1g.5gb@1 | ok
        free nvidia.com/mig-1g.5gb a        | 0
        end p1                              | ok
        free nvidia.com/mig-1g.5gb a        | 1
        """);
  }

  @Test
  void theSharesThatAPodLeftToAnotherAreKeptForItUntilItIsAdmitted() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 1g.5gb@1"),
        """
        bind x/p1 mig-1g.5gb.shared*3 a     | a/0/1g.5gb@0 x3
        bind x/p2 mig-1g.5gb.shared*3 a     | a/0/1g.5gb@1 x3
        admitted a p2=a/0/1g.5gb@0          | ok
        free nvidia.com/mig-1g.5gb.shared a | 1
        admitted a p2=a/0/1g.5gb@0 p1=a/0/1g.5gb@1 | ok
        free nvidia.com/mig-1g.5gb.shared a | 2
        """);
  }

  @Test
  void aSliceOfAPodThatWasDeletedIsReusedOnlyAfterTheReport() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0"),
        """
        bind x/p1 mig-1g.5gb.shared*3 a   | a/0/1g.5gb@0 x3
        delete p1                         | ok
        free nvidia.com/mig-1g.5gb.shared a | 1
        used (unclaimed)                  | 0
        report a without-looking          | ok
        free nvidia.com/mig-1g.5gb.shared a | 1
        report a                          | ok
        free nvidia.com/mig-1g.5gb.shared a | 4
        """);
  }

  @Test
  void deletingAPodThatEndedAndWasReportedGoneTakesNothingBack() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0"),
        """
        bind x/p1 mig-1g.5gb*1 a            | a/0/1g.5gb@0
        end p1                              | ok
        report a                            | ok
        free nvidia.com/mig-1g.5gb.shared a | 4
        delete p1                           | ok
        free nvidia.com/mig-1g.5gb.shared a | 4
        """);
  }

  @Test
  void aPodIsChargedFromBindUntilItEnds() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 3g.20gb@4"),
        """
        bind x/p1 mig-1g.5gb.shared*1 a | a/0/1g.5gb@0 x1
        bind x/p2 mig-3g.20gb*1 a       | a/0/3g.20gb@4
        used (unclaimed)                | 3.25
        fail p2                         | ok
        used (unclaimed)                | 0.25
        """);
  }

  @Test
  void aPodIsChargedWhileItsNodeShowsNoSlices() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 3g.20gb@4"),
        """
        bind x/p1 mig-1g.5gb.shared*1 a | a/0/1g.5gb@0 x1
        bind x/p2 mig-3g.20gb*1 a       | a/0/3g.20gb@4
        blind a                         | ok
        used (unclaimed)                | 3.25
        report a                        | ok
        used (unclaimed)                | 3.25
        """);
  }

  @Test
  void whatIsNotSeenIsChargedByTheBoardsOrElseByItsName() {
    assertThat(UnseenSlice.amount("1g.10gb")).isEqualTo(Amount.of(1, 9_856));
    assertThat(UnseenSlice.amount("2g.48gb+gfx")).isEqualTo(Amount.of(2, 48 * 1024));
    assertThat(UnseenSlice.amount("gpu")).isEqualTo(Amount.of(7, 0));
  }

  @Test
  void anAssignmentThatContradictsTheRequestsIsIgnoredAndReported() {
    Scenario scenario = new Scenario().node("a", "1g.5gb@0 1g.5gb@1");
    scenario.seen(forged("p", PodNeeds.of(WHOLE, 1), List.of("a/0/1g.5gb@0", "a/0/1g.5gb@1")));

    assertThat(scenario.step("free nvidia.com/mig-1g.5gb a")).isEqualTo("2");
    assertThat(scenario.snapshot().node("a").orElseThrow().contradictions())
        .containsExactly(
            "assignment of x/p is ignored: it gives 2 of nvidia.com/mig-1g.5gb, the pod asks for 1");
    assertThat(scenario.step("used (unclaimed)")).as("charged from its requests").isEqualTo("1");
  }

  @Test
  void aBindUnderWayHoldsItsSlicesUntilItIsTakenBack() {
    Scenario scenario = new Scenario().node("a", "1g.5gb@0");
    PodFact pod = unbound("p");
    scenario.ledger().apply(new Event.PodSeen(pod));
    scenario
        .ledger()
        .bind(pod, "a", new Assignment(1, List.of(Held.whole(WHOLE, List.of("a/0/1g.5gb@0")))));
    assertThat(scenario.step("free nvidia.com/mig-1g.5gb a")).isEqualTo("0");

    scenario.ledger().unbind(pod.ref().uid());

    assertThat(scenario.step("free nvidia.com/mig-1g.5gb a")).isEqualTo("1");
  }

  @Test
  void whatIsWrittenToAPodThatStandsAsItStoodIsNoNewsOfItsNode() {
    Scenario scenario = new Scenario().node("a", "1g.5gb@0");
    Ledger ledger = scenario.ledger();
    PodFact pod = unbound("p");
    Assignment given = new Assignment(1, List.of(Held.whole(WHOLE, List.of("a/0/1g.5gb@0"))));
    ledger.apply(new Event.PodSeen(pod));
    ledger.bind(pod, "a", given);
    Snapshot bound = ledger.snapshot();

    ledger.apply(new Event.PodSeen(later(pod.boundTo("a", given), 2, Phase.PENDING)));
    ledger.apply(new Event.PodSeen(later(pod.boundTo("a", given), 3, Phase.RUNNING)));

    assertThat(ledger.snapshot()).isSameAs(bound);

    ledger.apply(new Event.PodSeen(later(pod.boundTo("a", given), 4, Phase.SUCCEEDED)));
    scenario.step("report a");
    assertThat(scenario.step("free nvidia.com/mig-1g.5gb a")).isEqualTo("1");
  }

  @Test
  void aPodThatIsGoneBeforeItsBindWasSeenHoldsItsSliceUntilTheReport() {
    Scenario scenario = new Scenario().node("a", "1g.5gb@0");
    PodFact pod = unbound("p");
    Ledger ledger = scenario.ledger();
    Held held = Held.whole(WHOLE, List.of("a/0/1g.5gb@0"));
    ledger.apply(new Event.PodSeen(pod));
    ledger.bind(pod, "a", new Assignment(1, List.of(held)));

    ledger.apply(new Event.PodGone(pod.ref().uid(), 1_000));

    assertThat(scenario.step("free nvidia.com/mig-1g.5gb a")).as("it may run").isEqualTo("0");
    assertThat(scenario.step("used (unclaimed)")).isEqualTo("0");
    scenario.step("report a");
    assertThat(scenario.step("free nvidia.com/mig-1g.5gb a")).as("before it went").isEqualTo("0");

    ledger.unbind(pod.ref().uid());

    assertThat(scenario.step("free nvidia.com/mig-1g.5gb a")).as("not written").isEqualTo("1");
  }

  @Test
  void aPodThatMovesBetweenTwoSnapshotsIsChargedOnceWhereItIs() {
    Scenario scenario = new Scenario().node("a", "1g.5gb@0").node("b", "1g.5gb@0");
    PodFact pod = unbound("p");
    Ledger ledger = scenario.ledger();
    for (String node : List.of("b", "a", "b", "a")) {
      ledger.unbind(pod.ref().uid());
      Held held = Held.whole(WHOLE, List.of(node + "/0/1g.5gb@0"));
      ledger.bind(pod, node, new Assignment(1, List.of(held)));

      assertThat(scenario.step("used (unclaimed)")).as("on " + node).isEqualTo("1");
      assertThat(scenario.snapshot().mix()).containsEntry("1g.5gb", Amount.PARTS);
    }
    ledger.unbind(pod.ref().uid());
    assertThat(scenario.snapshot().usages()).isEmpty();
  }

  @Test
  void aLateSightingBringsNothingBack() {
    Scenario scenario = new Scenario().node("a", "1g.5gb@0");
    scenario.step("bind x/p mig-1g.5gb*1 a");
    PodFact pod = scenario.pod("p");
    scenario.step("delete p");
    scenario.step("report a");

    scenario.ledger().apply(new Event.PodSeen(pod));

    assertThat(scenario.step("free nvidia.com/mig-1g.5gb a")).isEqualTo("1");
    assertThat(scenario.step("used (unclaimed)")).isEqualTo("0");
  }

  private static PodFact unbound(String name) {
    return new PodFact(
        new PodRef("uid-" + name, "x", name),
        1,
        Optional.empty(),
        Phase.PENDING,
        0,
        PodNeeds.of(WHOLE, 1),
        Optional.empty(),
        PodFact.Traits.ORDINARY);
  }

  private static PodFact later(PodFact pod, long version, Phase phase) {
    return new PodFact(
        pod.ref(),
        version,
        pod.node(),
        phase,
        pod.priority(),
        pod.needs(),
        pod.assignment(),
        pod.traits());
  }

  private static PodFact forged(String name, PodNeeds needs, List<String> slices) {
    return new PodFact(
        new PodRef("uid-" + name, "x", name),
        1,
        Optional.of("a"),
        Phase.RUNNING,
        0,
        needs,
        Optional.of(new Assignment(1, List.of(Held.whole(WHOLE, slices)))),
        PodFact.Traits.ORDINARY);
  }
}
