package dev.lamella.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.TestTenants;
import dev.lamella.core.tenancy.Tenant;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is guaranteed, told step by step from the step before, against a ledger that begins anew.
 */
class GuaranteedWalkTest {

  private static final int STEPS = 150;
  private static final String[] ASKS = {
    "mig-1g.5gb*1", "mig-1g.5gb.shared*1", "mig-1g.5gb.shared*3", "mig-2g.10gb*1"
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void isTheSameAsFromTheBeginning(long seed) {
    Random random = new Random(seed);
    String seven = "1g.5gb@0 1g.5gb@1 1g.5gb@2 1g.5gb@3 2g.10gb@4";
    Scenario scenario = new Scenario().node("a", seven, seven).node("b", seven).tenant(alpha("3"));
    int guaranteed = 0;
    for (int step = 0; step < STEPS; step++) {
      change(scenario, random, step);
      TenantUsage now = scenario.snapshot().usage(tenant(scenario));
      // Asked only now and then, so that some walks follow one that was never taken.
      if (random.nextInt(3) > 0) {
        Ledger anew = new Ledger();
        scenario.history().forEach(anew::apply);
        TenantUsage whole = anew.snapshot().usage(tenant(scenario));
        assertThat(now.guaranteed())
            .as("seed %d, step %d", seed, step)
            .isEqualTo(whole.guaranteed());
        assertThat(now.guaranteedUsed()).isEqualTo(whole.guaranteedUsed());
        for (PodCharge pod : now.ranked()) {
          assertThat(now.wouldBeGuaranteed(pod)).isEqualTo(whole.wouldBeGuaranteed(pod));
        }
        guaranteed += now.guaranteed().size();
      }
    }
    assertThat(guaranteed).isGreaterThan(STEPS);
  }

  private static void change(Scenario scenario, Random random, int step) {
    String earlier = "p" + random.nextInt(step + 1);
    if (random.nextInt(40) == 0) {
      scenario.tenant(alpha(Integer.toString(1 + random.nextInt(6))));
    } else if (random.nextInt(3) == 0 && scenario.pod(earlier) != null) {
      scenario.step((random.nextBoolean() ? "end " : "delete ") + earlier);
      scenario.step("report a");
      scenario.step("report b");
    } else {
      scenario.step(
          "bind alpha/p%d %s %s priority %d"
              .formatted(
                  step,
                  ASKS[random.nextInt(ASKS.length)],
                  random.nextBoolean() ? "a" : "b",
                  random.nextInt(3)));
    }
  }

  private static Tenant tenant(Scenario scenario) {
    return scenario.snapshot().tenants().of("alpha");
  }

  private static Tenant alpha(String guaranteed) {
    return TestTenants.latencyCritical("alpha", 0, guaranteed);
  }
}
