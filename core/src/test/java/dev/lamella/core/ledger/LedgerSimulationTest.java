package dev.lamella.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Seeded lives of a small cluster that the ledger hears of late and out of order. After every step
 * that is looked at the {@link LedgerInvariants} hold; a violation names the seed and the step.
 */
class LedgerSimulationTest {

  private static final int SEEDS = 50;
  private static final int STEPS = 250;

  @Test
  void theInvariantsHoldWhateverComesInWhateverOrder() {
    Map<String, Integer> done = new TreeMap<>();
    int bound = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      LedgerWorld world = new LedgerWorld(seed);
      for (int step = 0; step < STEPS; step++) {
        String what = world.step();
        done.merge(what, 1, Integer::sum);
        if (world.looks()) {
          LedgerInvariants.check(world, "seed %d, step %d: %s".formatted(seed, step, what));
        }
      }
      bound += world.bound();
      world.deliverAll();
      LedgerInvariants.check(world, "seed %d, everything heard".formatted(seed));
      world.everybodyGoes();
      LedgerInvariants.nothingIsLeft(world, "seed %d, everybody gone".formatted(seed));
    }
    assertThat(bound).as("pods bound").isGreaterThan(5 * SEEDS);
    assertThat(done.keySet()).as("each kind of step was taken").containsAll(LedgerWorld.KINDS);
  }
}
