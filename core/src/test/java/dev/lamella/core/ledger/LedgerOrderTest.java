package dev.lamella.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.amount.Amount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same events give the same ledger, in whatever order they come and however often. */
class LedgerOrderTest {

  private static final int STEPS = 120;
  private static final int ORDERS = 15;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void orderAndRepetitionDoNotMatter(long seed) {
    Random random = new Random(seed);
    List<Event> history = history(random);
    Snapshot expected = fold(history);

    for (int i = 0; i < ORDERS; i++) {
      List<Event> shuffled = new ArrayList<>(history);
      history.stream().filter(event -> random.nextInt(4) == 0).forEach(shuffled::add);
      Collections.shuffle(shuffled, random);
      assertThat(fold(shuffled)).as("seed %d, order %d", seed, i).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whenAllPodsAreGoneNothingIsChargedOrHeld(long seed) {
    Scenario scenario = new Scenario();
    List<String> alive = run(scenario, new Random(seed));
    alive.forEach(pod -> scenario.step("delete " + pod));
    scenario.step("report a");
    scenario.step("report b");

    assertThat(scenario.snapshot().usages()).isEmpty();
    assertThat(scenario.snapshot().nodes())
        .allSatisfy(
            node ->
                assertThat(node.slices())
                    .allMatch(slice -> slice.freeWhole() && slice.freeShares() == 4));
    assertThat(scenario.snapshot().capacity()).isEqualTo(Amount.of(13, 72_960));
  }

  private static Snapshot fold(List<Event> events) {
    Ledger ledger = new Ledger();
    events.forEach(ledger::apply);
    return ledger.snapshot();
  }

  private static List<Event> history(Random random) {
    Scenario scenario = new Scenario();
    run(scenario, random);
    return scenario.history();
  }

  /** A random life of two nodes; returns the pods that are still there. */
  private static List<String> run(Scenario scenario, Random random) {
    scenario.node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2 3g.20gb@4");
    scenario.node("b", "1g.5gb@0 2g.10gb@2 3g.20gb@4", "1g.5gb@0");
    String[] kinds = {
      "mig-1g.5gb*1", "mig-1g.5gb.shared*1", "mig-1g.5gb.shared*3", "mig-3g.20gb*1"
    };
    List<String> alive = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      int what = random.nextInt(6);
      if (what < 3 || alive.isEmpty()) {
        String node = random.nextBoolean() ? "a" : "b";
        String kind = kinds[random.nextInt(kinds.length)];
        scenario.step("bind ns%d/p%d %s %s".formatted(random.nextInt(3), i, kind, node));
        if (scenario.pod("p" + i) != null) {
          alive.add("p" + i);
        }
      } else if (what == 3) {
        scenario.step("end " + alive.get(random.nextInt(alive.size())));
      } else if (what == 4) {
        scenario.step("delete " + alive.remove(random.nextInt(alive.size())));
      } else {
        scenario.step("report " + (random.nextBoolean() ? "a" : "b"));
      }
    }
    return alive;
  }
}
