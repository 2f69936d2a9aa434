package dev.lamella.core.explain;

import static dev.lamella.core.TestTenants.bestEffort;
import static dev.lamella.core.TestTenants.latencyCritical;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.Scenario;
import dev.lamella.core.ScenarioTable;
import dev.lamella.core.TestTenants;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhatIfTest {

  private final Tenant alpha = latencyCritical("alpha", 1000, "2");
  private final Scenario scenario =
      new Scenario()
          .node("a", "1g.5gb@0 1g.5gb@1")
          .node("b", "3g.20gb@0")
          .tenant(alpha)
          .tenant(bestEffort("beta", 0, null));

  private WhatIf.Answer ask(Tenant tenant, String resource, int count, Viewer viewer) {
    return WhatIf.ask(
        new WhatIf.Ask(
            tenant, ResourceName.parse("nvidia.com/" + resource).orElseThrow(), count, 0),
        scenario.snapshot(),
        PlacementPolicy.PACK,
        List.of(),
        viewer,
        5,
        1_000);
  }

  @Test
  void whatFitsSaysWhere() {
    WhatIf.Answer answer = ask(alpha, "mig-1g.5gb", 1, Viewer.ALL);

    assertThat(answer.fits()).isTrue();
    assertThat(answer.summary()).isEqualTo("it would fit on node a, within the guarantee");
    assertThat(answer.slices()).extracting(SlicePlace::uuid).containsExactly("a/0/1g.5gb@0");
    assertThat(answer.reclaim().state()).isEqualTo("NotNeeded");
  }

  @Test
  void whatWouldBeReclaimedIsNamedToWhoMaySeeIt() {
    ScenarioTable.check(
        scenario,
        """
        bind beta/s1 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@0 x4
        bind beta/s2 mig-1g.5gb.shared*4 a   | a/0/1g.5gb@1 x4
        """);

    WhatIf.Answer all = ask(alpha, "mig-1g.5gb", 1, Viewer.ALL);
    WhatIf.Answer alphas = ask(alpha, "mig-1g.5gb", 1, pod -> pod.namespace().equals("alpha"));

    assertThat(all.fits()).isFalse();
    assertThat(all.summary())
        .isEqualTo("it would not fit now; slices would be reclaimed on node a");
    assertThat(all.reclaim().victims()).extracting(Holder::name).containsExactly("s2");
    assertThat(alphas.reclaim().victims()).extracting(Holder::tenant).containsExactly("beta");
    assertThat(alphas.toString()).doesNotContain("s2");
  }

  @Test
  void askingChangesNothing() {
    Snapshot before = scenario.snapshot();

    ask(alpha, "mig-1g.5gb", 2, Viewer.ALL);

    assertThat(scenario.snapshot()).isSameAs(before);
  }

  @Test
  void aTenantWithoutNamespacesCannotHavePods() {
    Tenant homeless =
        new Tenant(
            "homeless",
            NamespaceClaim.byName(),
            TenantClass.BEST_EFFORT,
            0,
            "default",
            WholeSlices.BORROW,
            Quota.NONE);
    scenario.tenant(homeless);

    assertThatThrownBy(() -> ask(homeless, "mig-1g.5gb", 1, Viewer.ALL))
        .hasMessage("tenant homeless owns no namespace: no pod can be of it");
    assertThat(ask(Tenant.UNCLAIMED, "mig-1g.5gb.shared", 1, Viewer.ALL).tenant().name())
        .isEqualTo("(unclaimed)");
    assertThatThrownBy(
            () -> ask(TestTenants.bestEffort("beta", 0, null), "mig-1g.5gb", 0, Viewer.ALL))
        .hasMessage("count is 0, expected 1 or more");
  }
}
