package dev.lamella.core.quota;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.Scenario;
import dev.lamella.core.ScenarioTable;
import dev.lamella.core.TestTenants;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class QuotaCheckTest {

  private static final String SEVEN =
      "1g.5gb@0 1g.5gb@1 1g.5gb@2 1g.5gb@3 1g.5gb@4 1g.5gb@5 1g.5gb@6";

  @Test
  void limitIsNeverExceeded() {
    ScenarioTable.check(
        new Scenario()
            .node("a", SEVEN)
            .tenant(
                TestTenants.tenant(
                    "beta",
                    TenantClass.BEST_EFFORT,
                    0,
                    "default",
                    TestTenants.quota(null, "500m"))),
        """
        bind beta/p1 mig-1g.5gb.shared*1 a | a/0/1g.5gb@0 x1
        bind beta/p2 mig-1g.5gb.shared*1 a | a/0/1g.5gb@0 x1
        bind beta/p3 mig-1g.5gb.shared*1 a | tenant beta would exceed its quota limit of 0.5 compute slices
        used beta                          | 0.5
        end p1                             | ok
        bind beta/p4 mig-1g.5gb.shared*1 a | a/0/1g.5gb@0 x1
        """);
  }

  @Test
  void borrowersLeaveWhatOthersWerePromised() {
    ScenarioTable.check(
        new Scenario()
            .node("a", SEVEN)
            .tenant(
                TestTenants.tenant(
                    "alpha",
                    TenantClass.LATENCY_CRITICAL,
                    0,
                    "serving",
                    TestTenants.quota("4", null)))
            .tenant(TestTenants.tenant("beta", TenantClass.BEST_EFFORT, 0, "default", Quota.NONE)),
        """
        bind beta/p1 mig-1g.5gb*3 a  | a/0/1g.5gb@0+a/0/1g.5gb@1+a/0/1g.5gb@2
        bind beta/p2 mig-1g.5gb*1 a  | tenant beta is above its guarantee and cohort default has nothing left to borrow
        bind alpha/q1 mig-1g.5gb*4 a | a/0/1g.5gb@3+a/0/1g.5gb@4+a/0/1g.5gb@5+a/0/1g.5gb@6
        """);
  }

  @Test
  void insideACohortUnusedGuaranteeIsLent() {
    ScenarioTable.check(
        new Scenario()
            .node("a", SEVEN)
            .tenant(
                TestTenants.tenant(
                    "alpha", TenantClass.LATENCY_CRITICAL, 0, "one", TestTenants.quota("4", null)))
            .tenant(TestTenants.tenant("beta", TenantClass.BEST_EFFORT, 0, "one", Quota.NONE)),
        """
        bind beta/p1 mig-1g.5gb*5 a | a/0/1g.5gb@0+a/0/1g.5gb@1+a/0/1g.5gb@2+a/0/1g.5gb@3+a/0/1g.5gb@4
        """);
  }

  @Test
  void profilesAreCappedWithSharesAsFractions() {
    Quota cap = new Quota(Optional.empty(), Cap.UNLIMITED, Map.of("1g.5gb", 1));
    ScenarioTable.check(
        new Scenario()
            .node("a", SEVEN)
            .tenant(TestTenants.tenant("beta", TenantClass.BEST_EFFORT, 0, "default", cap)),
        """
        bind beta/p1 mig-1g.5gb.shared*4 a | a/0/1g.5gb@0 x4
        bind beta/p2 mig-1g.5gb.shared*1 a | tenant beta would exceed its quota of 1 1g.5gb slices
        """);
  }

  @Test
  void podsAreCappedWhateverTheyAskFor() {
    Quota two = new Quota(Optional.empty(), Cap.UNLIMITED, Map.of(), OptionalInt.of(2));
    ScenarioTable.check(
        new Scenario()
            .node("a", SEVEN)
            .tenant(TestTenants.tenant("beta", TenantClass.BEST_EFFORT, 0, "default", two)),
        """
        bind beta/p1 mig-1g.5gb*2 a        | a/0/1g.5gb@0+a/0/1g.5gb@1
        bind beta/p2 mig-1g.5gb.shared*1 a | a/0/1g.5gb@2 x1
        bind beta/p3 mig-1g.5gb.shared*1 a | tenant beta would exceed its quota of 2 pods
        end p1                             | ok
        bind beta/p4 mig-1g.5gb.shared*1 a | a/0/1g.5gb@2 x1
        """);
  }

  @Test
  void aLoweredLimitEvictsNobodyAndWhatIsAboveTheGuaranteeIsBorrowed() {
    Scenario scenario =
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1")
            .tenant(TestTenants.latencyCritical("alpha", 9, "1"))
            .tenant(
                TestTenants.tenant(
                    "beta", TenantClass.BEST_EFFORT, 0, "default", TestTenants.quota("1", "2")));
    ScenarioTable.check(
        scenario,
        """
        bind beta/p1 mig-1g.5gb.shared*4 a | a/0/1g.5gb@0 x4
        bind beta/p2 mig-1g.5gb.shared*4 a | a/0/1g.5gb@1 x4
        """);
    scenario.tenant(
        TestTenants.tenant(
            "beta", TenantClass.BEST_EFFORT, 0, "default", TestTenants.quota("1", "1")));
    ScenarioTable.check(
        scenario,
        """
        used beta                          | 2
        bind beta/p3 mig-1g.5gb.shared*1 a | tenant beta would exceed its quota limit of 1 compute slice
        reclaim alpha/q mig-1g.5gb*1 a     | a/0/1g.5gb@1 evicts p2
        """);
  }

  @Test
  void guaranteedIsByRankAndOneThatDoesNotFitIsNotAdded() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2 3g.20gb@4")
            .tenant(TestTenants.latencyCritical("delta", 0, "3"))
            .tenant(TestTenants.latencyCritical("alpha", 9, "3")),
        """
        bind delta/d1 mig-1g.5gb*1 a            | a/0/1g.5gb@0
        bind delta/d2 mig-3g.20gb*1 a           | a/0/3g.20gb@4
        bind delta/d3 mig-1g.5gb*1 a            | a/0/1g.5gb@1
        bind delta/d4 mig-1g.5gb*1 a            | a/0/1g.5gb@2
        reclaim alpha/q mig-3g.20gb*1 a         | a/0/3g.20gb@4 evicts d2
        reclaim alpha/q mig-1g.5gb*1 a          | nothing may be taken for it
        """);
  }

  @Test
  void namespacesThatNobodyClaimsRunAsBestEffortWithoutGuarantee() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1")
            .tenant(TestTenants.latencyCritical("alpha", 9, "2")),
        """
        bind whoever/w mig-1g.5gb*1 a        | a/0/1g.5gb@0
        bind whoever/s mig-1g.5gb.shared*1 a | a/0/1g.5gb@1 x1
        used (unclaimed)                     | 1.25
        reclaim whoever/x mig-1g.5gb*1 a     | it is not within the guarantee of tenant (unclaimed)
        reclaim alpha/q mig-1g.5gb*1 a       | a/0/1g.5gb@1 evicts s
        """);
  }

  @Test
  void wholeSlicesOfABestEffortTenantAreAlwaysBorrowed() {
    ScenarioTable.check(
        new Scenario()
            .node("a", "1g.5gb@0")
            .tenant(TestTenants.latencyCritical("alpha", 9, "1"))
            .tenant(TestTenants.bestEffort("beta", 0, "1")),
        """
        bind beta/w mig-1g.5gb*1 a     | a/0/1g.5gb@0
        reclaim alpha/q mig-1g.5gb*1 a | a/0/1g.5gb@0 evicts w
        """);
  }

  @Test
  void whatTheWebhookShouldHaveRewrittenIsRefused() {
    Tenant beta =
        new Tenant(
            "beta",
            NamespaceClaim.byName("beta"),
            TenantClass.BEST_EFFORT,
            0,
            "default",
            WholeSlices.REWRITE,
            Quota.NONE);
    ScenarioTable.check(
        new Scenario().node("a", SEVEN).tenant(beta),
        """
        bind beta/p1 mig-1g.5gb*1 a | tenant beta gets shares, not whole slices: ask for nvidia.com/mig-1g.5gb.shared
        """);
  }

  @Test
  void aBestEffortTenantCanBeKeptToShares() {
    Tenant beta =
        new Tenant(
            "beta",
            NamespaceClaim.byName("beta"),
            TenantClass.BEST_EFFORT,
            0,
            "default",
            WholeSlices.REFUSE,
            Quota.NONE);
    ScenarioTable.check(
        new Scenario().node("a", SEVEN).tenant(beta),
        """
        bind beta/p1 mig-1g.5gb*1 a        | tenant beta gets shares, not whole slices: ask for nvidia.com/mig-1g.5gb.shared
        bind beta/p2 mig-1g.5gb.shared*1 a | a/0/1g.5gb@0 x1
        """);
  }

  @Test
  void aGuaranteeAboveTheLimitIsRefused() {
    assertThatThrownBy(() -> TestTenants.quota("4", "3"))
        .hasMessage("quota.guaranteed (4 compute slices) is above quota.limit (3 compute slices)");
  }
}
