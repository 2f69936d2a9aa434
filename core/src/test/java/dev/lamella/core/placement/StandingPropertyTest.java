package dev.lamella.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.TestTenants;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.NodeFact;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.pod.ContainerNeed;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The answer from counts against the one from slices, on small random clusters. */
class StandingPropertyTest {

  private static final int SEEDS = 400;
  private static final String[] RESOURCES = {
    "mig-1g.5gb", "mig-1g.5gb.shared", "mig-2g.10gb", "mig-2g.10gb.shared"
  };
  private static final String[] TENANTS = {"alpha", "beta", "gamma"};
  private static final List<String> NODES = List.of("a", "b", "c", "absent");

  @Test
  void countsSayWhatTheSlicesSay() {
    Map<Rule, Integer> refused = new EnumMap<>(Rule.class);
    int fits = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      Scenario scenario = cluster(random);
      for (int pod = 0; pod < 10; pod++) {
        PodRequest request = request(random);
        for (String node : NODES) {
          PodPlacer placer =
              PodPlacer.of(request, scenario.snapshot(), PlacementPolicy.values()[pod % 3]);
          Standing counted = placer.standing(node);
          Verdict full = placer.place(node);
          String what = "seed %d, %s on %s".formatted(seed, request, node);
          assertThat(counted).as(what).isEqualTo(standing(full));
          if (full instanceof Verdict.Rejected no) {
            refused.merge(no.reason().rule(), 1, Integer::sum);
          } else {
            fits++;
          }
        }
      }
    }
    assertThat(fits).isGreaterThan(SEEDS);
    assertThat(refused)
        .containsKeys(
            Rule.NODE_UNREPORTED,
            Rule.PROFILE_ABSENT,
            Rule.NO_FREE_SLICE,
            Rule.NO_FREE_SHARE,
            Rule.KUBELET_FULL,
            Rule.AWAITS_REPORT,
            Rule.NOTHING_TO_BORROW,
            Rule.TENANT_LIMIT,
            Rule.RECLAIM_UNDER_WAY);
  }

  private static Standing standing(Verdict verdict) {
    return verdict instanceof Verdict.Fits fits
        ? fits.standing()
        : new Standing.Refused(reason(verdict));
  }

  private static Reason reason(Verdict verdict) {
    return ((Verdict.Rejected) verdict).reason();
  }

  private static Scenario cluster(Random random) {
    Scenario scenario =
        new Scenario()
            .node("a", "1g.5gb@0 1g.5gb@1 2g.10gb@2", "1g.5gb@0")
            .node("b", "1g.5gb@0 1g.5gb@1 1g.5gb@2")
            .node("c", "2g.10gb@0 2g.10gb@2")
            .tenant(TestTenants.latencyCritical("alpha", 1000, "6"))
            .tenant(TestTenants.bestEffort("beta", 5, "1"))
            .tenant(tenant("gamma", "default", TestTenants.quota(null, "3")))
            .tenant(tenant("delta", "apart", TestTenants.quota("3", null)));
    int pods = random.nextInt(16);
    for (int i = 0; i < pods; i++) {
      scenario.step(
          "bind %s/p%d %s*%d %s"
              .formatted(
                  TENANTS[random.nextInt(TENANTS.length)],
                  i,
                  RESOURCES[random.nextInt(RESOURCES.length)],
                  1 + random.nextInt(3),
                  NODES.get(random.nextInt(3))));
    }
    for (int i = 0; i < pods; i += 2) {
      if (random.nextInt(3) == 0 && scenario.pod("p" + i) != null) {
        scenario.step((random.nextBoolean() ? "end p" : "delete p") + i);
      }
    }
    if (random.nextInt(4) == 0) {
      reserve(scenario);
    }
    if (random.nextInt(4) == 0) {
      admitFewer(scenario);
    }
    return scenario;
  }

  private static void reserve(Scenario scenario) {
    PodRef ref = new PodRef("uid-q0", "alpha", "q0");
    PodFact pod =
        new PodFact(
            ref,
            1,
            Optional.empty(),
            Phase.PENDING,
            0,
            PodNeeds.of(ResourceName.whole("1g.5gb"), 1),
            Optional.empty(),
            PodFact.Traits.ORDINARY);
    Held held = Held.whole(ResourceName.whole("1g.5gb"), List.of("a/0/1g.5gb@0"));
    scenario.ledger().reserve(pod, new Reservation("a", List.of(held)), 1);
  }

  /** As a kubelet that has not heard of every slice yet. */
  private static void admitFewer(Scenario scenario) {
    Map<ResourceName, Integer> allocatable =
        Map.of(ResourceName.whole("2g.10gb"), 1, ResourceName.shared("2g.10gb"), 2);
    scenario.ledger().apply(new Event.NodeSeen(new NodeFact("c", Long.MAX_VALUE, allocatable)));
  }

  private static Tenant tenant(String name, String cohort, Quota quota) {
    return TestTenants.tenant(name, TenantClass.BEST_EFFORT, 0, cohort, quota);
  }

  private static PodRequest request(Random random) {
    List<ContainerNeed> containers = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      containers.add(
          new ContainerNeed(
              ContainerNeed.Kind.values()[random.nextInt(3)],
              Map.of(resource(random), 1 + random.nextInt(4))));
    }
    Set<ResourceName> apart = random.nextInt(3) == 0 ? Set.of(resource(random)) : Set.of();
    PodNeeds needs = new PodNeeds(containers, apart);
    String name = "q" + random.nextInt(4);
    PodRef pod = new PodRef("uid-" + name, TENANTS[random.nextInt(TENANTS.length)], name);
    return new PodRequest(pod, random.nextInt(3), needs, PodFact.Traits.ORDINARY, 1_000_000);
  }

  private static ResourceName resource(Random random) {
    return ResourceName.parse("nvidia.com/" + RESOURCES[random.nextInt(RESOURCES.length)])
        .orElseThrow();
  }
}
