package dev.lamella.core.reclaim;

import static dev.lamella.core.TestTenants.bestEffort;
import static dev.lamella.core.TestTenants.latencyCritical;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.ScenarioTable;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule of reclaim. Alpha is latency-critical, beta and gamma are best-effort. */
class ReclaimPlannerTest {

  @Test
  void borrowedSharesGoBeforeBorrowedWholeSlices() {
    ScenarioTable.check(
        promised("2"),
        """
        bind beta/w mig-1g.5gb*1 a           | a/0/1g.5gb@0
        bind beta/s1 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@1 x1
        bind beta/s2 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@1 x1
        bind alpha/p mig-1g.5gb*1 a          | no free 1g.5gb slice
        reclaim alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@1 evicts s2 s1
        reclaim alpha/p mig-1g.5gb*2 a       | a/0/1g.5gb@1+a/0/1g.5gb@0 evicts s2 s1 w
        """);
  }

  @Test
  void sharesThatAreToLieApartAreReclaimedFromDistinctSlices() {
    ScenarioTable.check(
        promised("2"),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a            | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a            | a/0/1g.5gb@1 x4
        reclaim alpha/p mig-1g.5gb.shared*2 a         | a/0/1g.5gb@1 x2 evicts s2
        reclaim alpha/p mig-1g.5gb.shared*2 a apart   | a/0/1g.5gb@1 x1 a/0/1g.5gb@0 x1 evicts s2 s1
        """);
  }

  @Test
  void theFewestPodsGoThenTheLowestRankThenTheYoungest() {
    ScenarioTable.check(
        promised("1"),
        """
        bind beta/s1 mig-1g.5gb.shared*2 a              | a/0/1g.5gb@0 x2
        bind beta/s2 mig-1g.5gb.shared*2 a              | a/0/1g.5gb@0 x2
        bind beta/s3 mig-1g.5gb.shared*4 a              | a/0/1g.5gb@1 x4
        reclaim alpha/p mig-1g.5gb*1 a                  | a/0/1g.5gb@1 evicts s3
        """);
    ScenarioTable.check(
        promised("1"),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a              | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a              | a/0/1g.5gb@1 x4
        reclaim alpha/p mig-1g.5gb*1 a                  | a/0/1g.5gb@1 evicts s2
        """);
    ScenarioTable.check(
        promised("1"),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a              | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a priority 7   | a/0/1g.5gb@1 x4
        reclaim alpha/p mig-1g.5gb*1 a                  | a/0/1g.5gb@0 evicts s1
        """);
  }

  @Test
  void aPodOfAnotherTenantGoesByTheTenantsPriorityThenByItsExcess() {
    ScenarioTable.check(
        promised("1").tenant(bestEffort("gamma", 5, null)),
        """
        bind gamma/g mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/b mig-1g.5gb.shared*4 a    | a/0/1g.5gb@1 x4
        reclaim alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@1 evicts b
        """);
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2")
            .tenant(latencyCritical("alpha", 1000, "1"))
            .tenant(bestEffort("gamma", 0, null)),
        """
        bind gamma/g1 mig-1g.5gb.shared*4 a  | a/0/1g.5gb@0 x4
        bind gamma/g2 mig-1g.5gb.shared*4 a  | a/0/1g.5gb@1 x4
        bind beta/b mig-1g.5gb.shared*4 a    | a/0/1g.5gb@2 x4
        reclaim alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@1 evicts g2
        """);
  }

  @Test
  void aBorrowingPodReclaimsNothing() {
    ScenarioTable.check(
        promised("1"),
        """
        bind alpha/p1 mig-1g.5gb*1 a          | a/0/1g.5gb@0
        bind beta/s mig-1g.5gb.shared*1 a     | a/0/1g.5gb@1 x1
        reclaim alpha/p2 mig-1g.5gb*1 a       | it is not within the guarantee of tenant alpha
        reclaim beta/s2 mig-1g.5gb.shared*4 a | it is not within the guarantee of tenant beta
        """);
  }

  @Test
  void preemptionPolicyNeverReclaimsNothing() {
    ScenarioTable.check(
        promised("1"),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@1 x4
        reclaim alpha/p mig-1g.5gb*1 a never | its preemptionPolicy is Never
        """);
  }

  @Test
  void aGuaranteedLatencyCriticalPodIsNeverEvicted() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1")
            .tenant(latencyCritical("alpha", 1000, "2"))
            .tenant(latencyCritical("delta", 1, "2")),
        """
        bind delta/d1 mig-1g.5gb*1 a         | a/0/1g.5gb@0
        bind delta/d2 mig-1g.5gb*1 a         | a/0/1g.5gb@1
        reclaim alpha/p mig-1g.5gb*1 a       | nothing may be taken for it
        """);
  }

  @Test
  void aGuaranteedPodTakesWhatAnotherLatencyCriticalTenantBorrowed() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2")
            .tenant(latencyCritical("alpha", 1000, "1"))
            .tenant(latencyCritical("delta", 2000, "2")),
        """
        bind delta/d1 mig-1g.5gb*1 a         | a/0/1g.5gb@0
        bind delta/d2 mig-1g.5gb*1 a         | a/0/1g.5gb@1
        bind delta/d3 mig-1g.5gb*1 a         | a/0/1g.5gb@2
        reclaim alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@2 evicts d3
        """);
  }

  @Test
  void guaranteedSharesAreDisplacedOnlyIfTheyFitElsewhere() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1")
            .tenant(latencyCritical("alpha", 1000, "1"))
            .tenant(bestEffort("beta", 0, "2")),
        """
        bind beta/s1 mig-1g.5gb.shared*3 a   | a/0/1g.5gb@0 x3
        bind beta/s2 mig-1g.5gb.shared*2 a   | a/0/1g.5gb@1 x2
        reclaim alpha/p mig-1g.5gb*1 a       | nothing may be taken for it
        end s1                               | ok
        report a                             | ok
        bind beta/s3 mig-1g.5gb.shared*2 a   | a/0/1g.5gb@1 x2
        bind beta/s4 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@0 x1
        end s2                               | ok
        reclaim alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@0 evicts s4
        """);
  }

  @Test
  void aGuaranteedShareIsExchangedForABorrowingOneThatStays() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1")
            .tenant(latencyCritical("alpha", 1000, "1"))
            .tenant(bestEffort("beta", 0, "1")),
        """
        bind beta/g1 mig-1g.5gb.shared*2 a         | a/0/1g.5gb@0 x2
        bind beta/x mig-1g.5gb.shared*2 a          | a/0/1g.5gb@0 x2
        bind beta/b1 mig-1g.5gb.shared*2 a         | a/0/1g.5gb@1 x2
        bind beta/g2 mig-1g.5gb.shared*2 a         | a/0/1g.5gb@1 x2
        reclaim alpha/p mig-1g.5gb*1 a             | a/0/1g.5gb@1 evicts g2 b1
        end x                                      | ok
        report a                                   | ok
        bind beta/b2 mig-1g.5gb.shared*2 a         | a/0/1g.5gb@0 x2
        reclaim alpha/p mig-1g.5gb*1 a             | a/0/1g.5gb@1 evicts g2 b1
        """);
  }

  @Test
  void aShareIsExchangedForOneOfNoLowerPriorityOnly() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1")
            .tenant(latencyCritical("alpha", 1000, "1"))
            .tenant(bestEffort("beta", 0, "1")),
        """
        bind beta/b1 mig-1g.5gb.shared*2 a            | a/0/1g.5gb@0 x2
        bind beta/g1 mig-1g.5gb.shared*2 a priority 5 | a/0/1g.5gb@0 x2
        bind beta/b2 mig-1g.5gb.shared*2 a            | a/0/1g.5gb@1 x2
        bind beta/g2 mig-1g.5gb.shared*2 a priority 5 | a/0/1g.5gb@1 x2
        reclaim alpha/p mig-1g.5gb*1 a                | nothing may be taken for it
        """);
  }

  @Test
  void aBestEffortPodDisplacesNobodysGuarantee() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1")
            .tenant(bestEffort("gamma", 9, "1"))
            .tenant(bestEffort("beta", 0, "2")),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a         | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a         | a/0/1g.5gb@1 x4
        reclaim gamma/g mig-1g.5gb.shared*1 a      | nothing may be taken for it
        """);
  }

  @Test
  void aGuaranteedShareTakesTheFewestBorrowedSharesThatMakeRoom() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0").tenant(bestEffort("gamma", 9, "1")),
        """
        bind beta/s1 mig-1g.5gb.shared*1 a         | a/0/1g.5gb@0 x1
        bind beta/s2 mig-1g.5gb.shared*2 a         | a/0/1g.5gb@0 x2
        bind beta/s3 mig-1g.5gb.shared*1 a         | a/0/1g.5gb@0 x1
        reclaim gamma/g mig-1g.5gb.shared*1 a      | a/0/1g.5gb@0 x1 evicts s3
        reclaim gamma/g mig-1g.5gb.shared*2 a      | a/0/1g.5gb@0 x2 evicts s2
        reclaim gamma/g mig-1g.5gb.shared*3 a      | a/0/1g.5gb@0 x3 evicts s3 s2
        """);
  }

  @Test
  void withinOneTenantOnlyHigherPodPriorityReclaims() {
    ScenarioTable.check(
        promised("1"),
        """
        bind alpha/p1 mig-1g.5gb*1 a              | a/0/1g.5gb@0
        bind alpha/p2 mig-1g.5gb*1 a              | a/0/1g.5gb@1
        reclaim alpha/p3 mig-1g.5gb*1 a           | it is not within the guarantee of tenant alpha
        reclaim alpha/p3 mig-1g.5gb*1 a priority 5 | a/0/1g.5gb@1 evicts p2
        """);
  }

  @Test
  void podsThatLeaveAnywayAreWaitedFor() {
    ScenarioTable.check(
        promised("1"),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@1 x4
        terminate s1                         | ok
        reclaim alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@0 awaits s1
        delete s1                            | ok
        reclaim alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@0 awaits s1
        """);
  }

  @Test
  void podsWithoutAControllerAndThoseABudgetKeepsGoLast() {
    ScenarioTable.check(
        promised("1"),
        """
        bind beta/s1 mig-1g.5gb.shared*2 a         | a/0/1g.5gb@0 x2
        bind beta/s2 mig-1g.5gb.shared*2 a         | a/0/1g.5gb@0 x2
        bind beta/s3 mig-1g.5gb.shared*4 a alone   | a/0/1g.5gb@1 x4
        reclaim alpha/p mig-1g.5gb*1 a             | a/0/1g.5gb@0 evicts s2 s1
        budget pdb 1 s1,s2                         | ok
        reclaim alpha/p mig-1g.5gb*1 a             | a/0/1g.5gb@1 evicts s3
        """);
  }

  @Test
  void onlyNodesThatWereOfferedCountAndTheCheapestIsTaken() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0")
            .node("b", "1g.5gb@0")
            .node("c", "1g.5gb@0")
            .tenant(latencyCritical("alpha", 1000, "1")),
        """
        bind beta/a1 mig-1g.5gb.shared*2 a    | a/0/1g.5gb@0 x2
        bind beta/a2 mig-1g.5gb.shared*1 a    | a/0/1g.5gb@0 x1
        bind beta/b1 mig-1g.5gb.shared*1 b    | b/0/1g.5gb@0 x1
        reclaim alpha/p mig-1g.5gb*1 a,b      | b/0/1g.5gb@0 evicts b1
        reclaim alpha/p mig-1g.5gb*1 a        | a/0/1g.5gb@0 evicts a2 a1
        """);
  }

  @Test
  void onePodsWholeSliceAndItsShareAreNotTheSameSlice() {
    ScenarioTable.check(
        promised("2"),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a                 | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a                 | a/0/1g.5gb@1 x4
        reclaim alpha/p mig-1g.5gb*1,mig-1g.5gb.shared*1 a | a/0/1g.5gb@1 a/0/1g.5gb@0 x1 evicts s2 s1
        """);
  }

  @Test
  void aVictimThatAnotherMakesSuperfluousStays() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0")
            .tenant(latencyCritical("alpha", 1000, "1"))
            .tenant(bestEffort("beta", 0, null)),
        """
        bind beta/s1 mig-1g.5gb.shared*3 a                             | a/0/1g.5gb@0 x3
        bind beta/s2 mig-1g.5gb.shared*1 a                             | a/0/1g.5gb@0 x1
        reclaim alpha/p mig-1g.5gb.shared*1,mig-1g.5gb.shared*1 a      | a/0/1g.5gb@0 x2 evicts s1
        """);
  }

  @Test
  void whatIsReservedGoesToThePodThatItIsFor() {
    ScenarioTable.check(
        promised("2"),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*1 a priority 3 | a/0/1g.5gb@1 x1
        reserve alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@0
        used alpha                           | 1
        bind alpha/p mig-1g.5gb*1 a          | slices are being freed for it
        delete s1                            | ok
        bind beta/s4 mig-1g.5gb.shared*4 a   | no free share of a 1g.5gb slice
        bind alpha/p mig-1g.5gb*1 a          | slices are being freed for it
        report a                             | ok
        bind alpha/q mig-1g.5gb*1 a          | no free 1g.5gb slice
        bind alpha/p mig-1g.5gb*1 a          | a/0/1g.5gb@0
        used alpha                           | 1
        """);
  }

  @Test
  void aReservationThatEndsGivesBackWhatItKept() {
    ScenarioTable.check(
        promised("1"),
        """
        bind beta/s1 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@1 x4
        reserve alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@1
        end s2                               | ok
        bind beta/s3 mig-1g.5gb.shared*1 a   | no free share of a 1g.5gb slice
        release p                            | ok
        used alpha                           | 0
        bind beta/s4 mig-1g.5gb.shared*1 a   | a/0/1g.5gb@1 x1
        """);
  }

  @Test
  void whoeverComesAfterAReservationStandsBehindItWhateverTheClockSays() {
    Scenario scenario = promised("1");
    ScenarioTable.check(
        scenario,
        """
        bind beta/s1 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@1 x4
        reserve alpha/p mig-1g.5gb*1 a       | a/0/1g.5gb@1
        """);
    PodRequest second =
        new PodRequest(
            new PodRef("a-uid-before-all-others", "alpha", "q"),
            0,
            PodNeeds.of(ResourceName.whole("1g.5gb"), 1),
            PodFact.Traits.ORDINARY,
            0);

    ReclaimDecision decision =
        ReclaimPlanner.plan(second, List.of("a"), List.of(), scenario.snapshot());

    assertThat(decision)
        .isInstanceOfSatisfying(
            ReclaimDecision.Refused.class,
            refused ->
                assertThat(refused.reason().sentence())
                    .isEqualTo("it is not within the guarantee of tenant alpha"));
  }

  /** Two slices of one GPU, all of alpha's promise, beside a beta without any. */
  private static Scenario promised(String slices) {
    return new Scenario()
        .node("a", "1g.5gb@0 1g.5gb@1")
        .tenant(latencyCritical("alpha", 1000, slices))
        .tenant(bestEffort("beta", 0, null));
  }
}
