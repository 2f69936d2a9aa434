package dev.lamella.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.TestTenants;
import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.TenantClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives of three tenants with limits; what must hold is checked after every step. */
class TenancyPropertyTest {

  private static final int STEPS = 200;
  private static final String[] ASKS = {
    "mig-1g.5gb*1",
    "mig-1g.5gb*2",
    "mig-1g.5gb.shared*1",
    "mig-1g.5gb.shared*3",
    "mig-1g.5gb*1,mig-1g.5gb.shared*1",
    "mig-2g.10gb*1",
    "mig-3g.20gb*1"
  };
  private static final String[] TENANTS = {"alpha", "beta", "gamma"};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void rulesHoldAfterEveryStep(long seed) {
    Random random = new Random(seed);
    Scenario scenario = cluster();
    List<String> alive = new ArrayList<>();
    Map<String, Integer> outcomes = new HashMap<>();
    for (int i = 0; i < STEPS; i++) {
      String step = step(random, i, alive);
      String outcome = scenario.step(step);
      if (step.startsWith("bind")) {
        outcomes.merge(scenario.pod("p" + i) != null ? "bound" : "refused", 1, Integer::sum);
        if (scenario.pod("p" + i) != null) {
          alive.add("p" + i);
        }
      }
      String what = "seed %d, step %d: %s gave %s".formatted(seed, i, step, outcome);
      check(scenario.snapshot(), what);
    }
    assertThat(outcomes).as("seed %d", seed).containsKeys("bound", "refused");

    Ledger rebuilt = new Ledger();
    scenario.history().forEach(rebuilt::apply);
    assertThat(rebuilt.snapshot()).as("seed %d, rebuilt", seed).isEqualTo(scenario.snapshot());
    alive.forEach(pod -> scenario.step("delete " + pod));
    assertThat(scenario.snapshot().usages()).as("seed %d, everybody gone", seed).isEmpty();
  }

  private static Scenario cluster() {
    Quota pods = new Quota(Optional.empty(), Cap.UNLIMITED, Map.of(), OptionalInt.of(5));
    Quota caps = new Quota(Optional.empty(), Cap.UNLIMITED, Map.of("1g.5gb", 3));
    return new Scenario()
        .node("a", "1g.5gb@0 1g.5gb@1 2g.10gb@2 3g.20gb@4", "1g.5gb@0 1g.5gb@1")
        .node("b", "1g.5gb@0 1g.5gb@1 1g.5gb@2 3g.20gb@4")
        .tenant(
            TestTenants.tenant(
                "alpha", TenantClass.LATENCY_CRITICAL, 10, "one", TestTenants.quota("3", "5500m")))
        .tenant(TestTenants.tenant("beta", TenantClass.BEST_EFFORT, 5, "one", pods))
        .tenant(TestTenants.tenant("gamma", TenantClass.BEST_EFFORT, 0, "two", caps));
  }

  private static String step(Random random, int turn, List<String> alive) {
    String node = random.nextBoolean() ? "a" : "b";
    int what = random.nextInt(8);
    if (what == 0) {
      return "report " + node;
    }
    if (what < 5 || alive.isEmpty()) {
      return "bind %s/p%d %s %s priority %d"
          .formatted(
              TENANTS[random.nextInt(TENANTS.length)],
              turn,
              ASKS[random.nextInt(ASKS.length)],
              node,
              random.nextInt(2));
    }
    String pod = alive.remove(random.nextInt(alive.size()));
    return (what == 5 ? "delete " : what == 6 ? "end " : "fail ") + pod;
  }

  private static void check(Snapshot snapshot, String what) {
    for (NodeState node : snapshot.nodes()) {
      for (SliceState slice : node.slices()) {
        boolean whole = slice.holds().stream().anyMatch(SliceHold::whole);
        assertThat(whole ? slice.holds().size() : 1).as("one hand, " + what).isEqualTo(1);
        assertThat(slice.sharesUsed()).as("shares, " + what).isLessThanOrEqualTo(4);
      }
    }
    for (TenantUsage usage : snapshot.usages().values()) {
      Quota quota = usage.tenant().quota();
      assertThat(quota.limit().admits(usage.used())).as("limit, " + what).isTrue();
      assertThat(usage.ranked().size())
          .as("pods, " + what)
          .isLessThanOrEqualTo(quota.pods().orElse(Integer.MAX_VALUE));
      quota
          .profiles()
          .forEach(
              (profile, cap) ->
                  assertThat(usage.sliceParts(profile))
                      .as("cap, " + what)
                      .isLessThanOrEqualTo(cap * Amount.PARTS));
      assertThat(sum(usage.ranked())).as("usage is the sum, " + what).isEqualTo(usage.used());
      assertThat(sum(usage.guaranteed())).as(what).isEqualTo(usage.guaranteedUsed());
      assertThat(quota.guaranteed().orElse(Cap.UNLIMITED).admits(usage.guaranteedUsed()))
          .as("guaranteed, " + what)
          .isTrue();
    }
  }

  private static Amount sum(List<PodCharge> pods) {
    return pods.stream().map(PodCharge::amount).reduce(Amount.ZERO, Amount::plus);
  }
}
