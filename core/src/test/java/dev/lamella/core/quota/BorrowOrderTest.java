package dev.lamella.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.TestTenants;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Tenant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BorrowOrderTest {

  private static final ResourceName SHARE = ResourceName.shared("1g.5gb");
  private static final Tenant BETA = TestTenants.bestEffort("beta", 0, "1");
  private static final Tenant GAMMA = TestTenants.bestEffort("gamma", 0, null);

  /** Beta uses 1.5 slices of which 1 is guaranteed, gamma uses 0.75 and was promised nothing. */
  @ParameterizedTest
  @CsvSource({
    // asks,  refused, its resource,                   on, ms ago, held ms, outcome
    "gamma, beta,  nvidia.com/mig-1g.5gb.shared, a, 100,   0,    yields",
    "beta,  gamma, nvidia.com/mig-1g.5gb.shared, a, 100,   0,    goes ahead",
    "gamma, gamma, nvidia.com/mig-1g.5gb.shared, a, 100,   0,    goes ahead",
    "gamma, beta,  nvidia.com/mig-1g.5gb,        a, 100,   0,    goes ahead",
    "gamma, beta,  nvidia.com/mig-1g.5gb.shared, b, 100,   0,    goes ahead",
    "gamma, beta,  nvidia.com/mig-1g.5gb.shared, a, 30001, 0,    goes ahead",
    "gamma, beta,  nvidia.com/mig-1g.5gb.shared, a, 100,   4999, yields",
    "gamma, beta,  nvidia.com/mig-1g.5gb.shared, a, 100,   5000, goes ahead",
    "gamma, gone,  nvidia.com/mig-1g.5gb.shared, a, 100,   0,    goes ahead",
  })
  void theSmallerDominantShareAboveItsGuaranteeGoesFirst(
      String asks,
      String refused,
      String resource,
      String node,
      long ago,
      long held,
      String outcome) {
    Scenario scenario = new Scenario().node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2").tenant(BETA);
    scenario.tenant(GAMMA);
    scenario.step("bind beta/b1 mig-1g.5gb.shared*4 a");
    scenario.step("bind beta/b2 mig-1g.5gb.shared*2 a");
    scenario.step("bind gamma/g mig-1g.5gb.shared*3 a");
    long now = 1_000_000;
    RefusedBorrower other =
        new RefusedBorrower(
            refused, ResourceName.parse(resource).orElseThrow(), Set.of(node), now - ago);

    boolean yields =
        BorrowOrder.yields(
                asks.equals("beta") ? BETA : GAMMA,
                Set.of(SHARE),
                List.of("a"),
                List.of(other),
                scenario.snapshot(),
                now - held,
                now)
            .isPresent();

    assertThat(yields ? "yields" : "goes ahead").isEqualTo(outcome);
  }
}
