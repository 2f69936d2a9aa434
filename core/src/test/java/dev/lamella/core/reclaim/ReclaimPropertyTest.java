package dev.lamella.core.reclaim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.TestTenants;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.pod.ContainerNeed;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reclaim on small random clusters, against a search through every set of pods. Beta is best-effort
 * and guaranteed as much as a test says, gamma borrows everything that it has, delta is
 * latency-critical and partly guaranteed.
 */
class ReclaimPropertyTest {

  private static final int CASES = 120;
  private static final String[] HELD = {
    "mig-1g.5gb*1", "mig-1g.5gb*2", "mig-1g.5gb.shared*1", "mig-1g.5gb.shared*2",
    "mig-1g.5gb.shared*3", "mig-1g.5gb.shared*1", "mig-2g.10gb*1", "mig-2g.10gb.shared*2"
  };
  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");
  private static final ResourceName SHARE = ResourceName.shared("1g.5gb");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noFewerPodsAndNoneOfALesserKindWouldDo(long seed) {
    requireTheCheapest(seed, "alpha", null, ReclaimPropertyTest::simple);
  }

  /** The claimant is best-effort itself, so that nobody is displaced, and asks for shares alone. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void norWhereSharesAreExchanged(long seed) {
    requireTheCheapest(seed, "echo", "1", random -> PodNeeds.of(SHARE, 1 + random.nextInt(4)));
  }

  private static void requireTheCheapest(
      long seed, String claimant, String promisedToBeta, Function<Random, PodNeeds> asks) {
    Random random = new Random(seed);
    int plans = 0;
    for (int i = 0; i < CASES; i++) {
      Scenario scenario = cluster(random, promisedToBeta);
      PodNeeds needs = asks.apply(random);
      Optional<int[]> best = cheapest(scenario.snapshot(), needs);
      ReclaimDecision decision = plan(scenario, claimant, needs);

      String what = "seed %d, case %d: %s".formatted(seed, i, needs);
      assertThat(decision instanceof ReclaimDecision.Plan).as(what).isEqualTo(best.isPresent());
      if (decision instanceof ReclaimDecision.Plan plan) {
        plans += plan.victims().isEmpty() ? 0 : 1;
        assertThat(cost(plan)).as(what).isEqualTo(best.orElseThrow());
      }
    }
    assertThat(plans).as("cases in which somebody had to go").isGreaterThan(CASES / 4);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noneCouldBeLeftOutAndWhatIsReservedComesFree(long seed) {
    Random random = new Random(seed);
    int plans = 0;
    for (int i = 0; i < CASES; i++) {
      Scenario scenario = cluster(random, null);
      PodNeeds needs = severalContainers(random);
      if (plan(scenario, "alpha", needs) instanceof ReclaimDecision.Plan plan) {
        String what = "seed %d, case %d: %s gives %s".formatted(seed, i, needs, plan);
        plans += plan.victims().isEmpty() ? 0 : 1;
        Set<String> going = uids(plan);
        NodeState node = scenario.snapshot().node(plan.node()).orElseThrow();
        assertThat(comesFree(plan, node, going)).as(what).isTrue();
        for (String uid : going) {
          Set<String> fewer = new HashSet<>(going);
          fewer.remove(uid);
          assertThat(comesFree(plan, node, fewer)).as("%s without %s", what, uid).isFalse();
        }
        assertThat(going)
            .as(what)
            .noneMatch(guaranteedLatencyCritical(scenario.snapshot())::contains);
      }
    }
    assertThat(plans).as("cases in which somebody had to go").isGreaterThan(CASES / 5);
  }

  private static Scenario cluster(Random random, String promisedToBeta) {
    Scenario scenario =
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1 2g.10gb@2", "1g.5gb@0")
            .node("b", "1g.5gb@0 1g.5gb@1 1g.5gb@2")
            .tenant(TestTenants.latencyCritical("alpha", 1000, "9"))
            .tenant(TestTenants.latencyCritical("delta", 500, "1"))
            .tenant(TestTenants.bestEffort("echo", 1000, "9"))
            .tenant(TestTenants.bestEffort("beta", 5, promisedToBeta))
            .tenant(TestTenants.bestEffort("gamma", 0, null));
    String[] tenants = {"beta", "gamma", "beta", "gamma", "delta"};
    for (int i = 0; i < 14; i++) {
      scenario.step(
          "bind %s/p%d %s %s priority %d"
              .formatted(
                  tenants[random.nextInt(tenants.length)],
                  i,
                  HELD[random.nextInt(HELD.length)],
                  random.nextBoolean() ? "a" : "b",
                  random.nextInt(3)));
    }
    return scenario;
  }

  private static PodNeeds simple(Random random) {
    return random.nextBoolean()
        ? PodNeeds.of(WHOLE, 1 + random.nextInt(3))
        : PodNeeds.of(SHARE, 1 + random.nextInt(4));
  }

  private static PodNeeds severalContainers(Random random) {
    List<ContainerNeed> containers = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      boolean whole = random.nextInt(3) == 0;
      containers.add(
          new ContainerNeed(
              ContainerNeed.Kind.MAIN,
              Map.of(whole ? WHOLE : SHARE, whole ? 1 : 1 + random.nextInt(3))));
    }
    return new PodNeeds(containers);
  }

  private static ReclaimDecision plan(Scenario scenario, String claimant, PodNeeds needs) {
    PodRequest request =
        new PodRequest(
            new PodRef("uid-q", claimant, "q"), 0, needs, PodFact.Traits.ORDINARY, 1_000_000);
    return ReclaimPlanner.plan(request, List.of("a", "b"), List.of(), scenario.snapshot());
  }

  private static Set<String> uids(ReclaimDecision.Plan plan) {
    return plan.victims().stream().map(Victim::uid).collect(Collectors.toSet());
  }

  /** The worst kind taken, then how many. */
  private static int[] cost(ReclaimDecision.Plan plan) {
    int worst = plan.victims().stream().mapToInt(v -> v.kind().ordinal()).max().orElse(-1);
    return new int[] {worst, plan.victims().size()};
  }

  private static Set<String> guaranteed(Snapshot snapshot) {
    return snapshot.usages().values().stream()
        .flatMap(usage -> usage.guaranteed().stream())
        .map(charge -> charge.pod().uid())
        .collect(Collectors.toSet());
  }

  private static Victim.Kind kind(PodCharge pod, Set<String> promised) {
    if (promised.contains(pod.pod().uid())) {
      return Victim.Kind.EXCHANGED_SHARE;
    }
    return pod.asksWhole() ? Victim.Kind.BORROWING_WHOLE : Victim.Kind.BORROWING_SHARE;
  }

  /** Of each priority and above, as much as before is within the guarantee. */
  private static boolean nobodyLoses(Snapshot snapshot, Set<String> going) {
    for (TenantUsage usage : snapshot.usages().values()) {
      Set<String> before =
          usage.guaranteed().stream().map(c -> c.pod().uid()).collect(Collectors.toSet());
      before.retainAll(going);
      for (PodCharge pod : usage.ranked()) {
        if (before.contains(pod.pod().uid())
            && guaranteedFrom(usage, Set.of(), pod.priority())
                > guaranteedFrom(usage, going, pod.priority())) {
          return false;
        }
      }
    }
    return true;
  }

  private static long guaranteedFrom(TenantUsage usage, Set<String> without, int priority) {
    long promised = usage.tenant().quota().guaranteed().orElseThrow().floor().computeParts();
    long all = 0;
    long sum = 0;
    for (PodCharge pod : usage.ranked()) {
      long parts = pod.amount().computeParts();
      boolean stays = !without.contains(pod.pod().uid()) && !pod.asksWhole();
      if (stays && all + parts <= promised) {
        all += parts;
        sum += pod.priority() >= priority ? parts : 0;
      }
    }
    return sum;
  }

  private static Set<String> guaranteedLatencyCritical(Snapshot snapshot) {
    return snapshot.usages().values().stream()
        .filter(usage -> usage.tenant().latencyCritical())
        .flatMap(usage -> usage.guaranteed().stream())
        .map(charge -> charge.pod().uid())
        .collect(Collectors.toSet());
  }

  /** Every set of pods that may go, on every node. */
  private static Optional<int[]> cheapest(Snapshot snapshot, PodNeeds needs) {
    Set<String> kept = guaranteedLatencyCritical(snapshot);
    Set<String> promised = guaranteed(snapshot);
    int[] best = null;
    for (NodeState node : snapshot.nodes()) {
      List<PodCharge> pods =
          node.charges().stream().filter(charge -> !kept.contains(charge.pod().uid())).toList();
      for (int bits = 0; bits < 1 << pods.size(); bits++) {
        Set<String> going = new HashSet<>();
        int worst = -1;
        for (int i = 0; i < pods.size(); i++) {
          if ((bits >> i & 1) == 1) {
            going.add(pods.get(i).pod().uid());
            worst = Math.max(worst, kind(pods.get(i), promised).ordinal());
          }
        }
        int[] cost = {worst, going.size()};
        boolean cheaper =
            best == null || cost[0] < best[0] || (cost[0] == best[0] && cost[1] < best[1]);
        if (cheaper && fits(node, needs, going) && nobodyLoses(snapshot, going)) {
          best = cost;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** Whether a pod of one container fits once these have gone. */
  private static boolean fits(NodeState node, PodNeeds needs, Set<String> going) {
    int whole = needs.totals().getOrDefault(WHOLE, 0);
    int shares = needs.totals().getOrDefault(SHARE, 0);
    int free = 0;
    boolean room = shares == 0;
    for (SliceState slice : node.slices("1g.5gb")) {
      List<SliceHold> stay =
          slice.holds().stream().filter(hold -> !going.contains(hold.pod().uid())).toList();
      int used = stay.stream().mapToInt(SliceHold::shares).sum();
      free += stay.isEmpty() ? 1 : 0;
      room |= stay.stream().noneMatch(SliceHold::whole) && used + shares <= slice.sharesTotal();
    }
    return free >= whole && room;
  }

  /** Whether all slices of a plan can be held as planned, all entries for one slice added up. */
  private static boolean comesFree(ReclaimDecision.Plan plan, NodeState node, Set<String> going) {
    Map<String, Integer> taken = new HashMap<>();
    for (var held : plan.held()) {
      for (String uuid : held.slices()) {
        taken.merge(uuid, held.resource().shared() ? held.shares() : 4, Integer::sum);
      }
    }
    for (SliceState slice : node.slices()) {
      int wanted = taken.getOrDefault(slice.slice().uuid(), 0);
      int used =
          slice.holds().stream()
              .filter(hold -> !going.contains(hold.pod().uid()))
              .mapToInt(hold -> hold.whole() ? 4 : hold.shares())
              .sum();
      if (wanted > 0 && wanted + used > 4) {
        return false;
      }
    }
    return true;
  }
}
