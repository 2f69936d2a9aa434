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
