package dev.lamella.simulator.trace.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two classes and three tenants who ask for 1.25 times what there is. */
class OverloadTest {

  private static final Scene SCENE = Scene.overload(2);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void latencyCriticalPodsWithinTheirGuaranteeWaitForPauseGraceAndReportAtMost(long seed) {
    Tally tally = new Overload(SCENE, Policy.LAMELLA, seed).run();

    List<Long> waits = tally.guaranteedWaits();
    long longest = Tally.quantile(waits, 100);
    System.out.printf(
        "seed %d: %d latency-critical pods within their guarantee waited %.1f s at most,"
            + " of %.1f s allowed; evicted: alpha %d, beta %d, gamma %d%n",
        seed,
        waits.size(),
        longest / 1e3,
        SCENE.timing().longestWait() / 1e3,
        tally.evicted("alpha"),
        tally.evicted("beta"),
        tally.evicted("gamma"));
    assertThat(waits).as("seed %d", seed).hasSizeGreaterThan(150);
    assertThat(longest).as("seed %d", seed).isLessThanOrEqualTo(SCENE.timing().longestWait());
    assertThat(longest).as("seed %d: some had to wait", seed).isPositive();
    assertThat(tally.violations()).isZero();
  }

  @Test
  void withoutReclaimTheyWaitLonger() {
    Tally tally = new Overload(SCENE, Policy.NO_RECLAIM, 1).run();

    assertThat(Tally.quantile(tally.guaranteedWaits(), 100))
        .isGreaterThan(SCENE.timing().longestWait());
  }

  @Test
  void sharingUsesMoreThanNodesOfTheirOwn() {
    Overload shared = new Overload(SCENE, Policy.LAMELLA, 1);
    double compute = shared.compute();
    double own = new Overload(SCENE, Policy.STATIC_PARTITION, 1).run().allocation(compute);

    assertThat(shared.run().allocation(compute)).isGreaterThan(own + 5);
  }
}
