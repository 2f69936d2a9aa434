package dev.lamella.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.amount.Cap;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import dev.lamella.extender.Await;
import dev.lamella.extender.Cluster;
import dev.lamella.extender.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two borrowers: gamma holds three shares of the two slices there are, beta none. */
class BorrowersTest {

  private static final ResourceName SHARE = ResourceName.shared("1g.5gb");

  private final LedgerOwner owner = new LedgerOwner();
  private final ManualClock clock = new ManualClock();
  private final Verbs verbs = new Verbs(owner, PlacementPolicy.PACK, clock);

  @BeforeEach
  void start() {
    Cluster.node("n", 2).forEach(owner::accept);
    owner.accept(new Event.TenantSeen(tenant("beta"), 2));
    owner.accept(new Event.TenantSeen(tenant("gamma"), 3));
    for (int i = 0; i < 8; i++) {
      owner.accept(new Event.PodSeen(pod("gamma", "g" + i, 10 + i, "MIG-n-" + i / 4)));
    }
    Await.until(
        "held",
        () ->
            owner.snapshot().node("n").filter(n -> n.slices().size() == 2).isPresent()
                && free() == 0);
  }

  @AfterEach
  void stop() {
    owner.close();
  }

  @Test
  void theOneWithLessAboveItsGuaranteeGoesFirst() {
    assertThat(asks("beta", "b")).as("all is held").isEmpty();
    frees("g0");

    assertThat(asks("gamma", "next")).contains(Rule.BORROW_ORDER);
    assertThat(asks("beta", "b")).isEmpty();
    assertThat(feasible("beta", "b")).isTrue();
  }

  @Test
  void nobodyIsHeldBackForLongerThanFiveSeconds() {
    asks("beta", "b");
    frees("g0");
    assertThat(feasible("gamma", "next")).isFalse();
    clock.pass(4_000);
    assertThat(feasible("gamma", "next")).as("still held back").isFalse();
    clock.pass(1_000);

    assertThat(feasible("gamma", "next")).isTrue();
  }

  @Test
  void nobodyYieldsToOneThatHasItsSlicesOrIsGone() {
    asks("beta", "b");
    frees("g0");
    assertThat(feasible("gamma", "next")).isFalse();

    verbs.settled("uid-b");

    assertThat(feasible("gamma", "next")).isTrue();
  }

  @Test
  void aRefusalThatIsTheTenantsOwnFaultHoldsNobodyBack() {
    asks("capped", "c");
    owner.accept(
        new Event.TenantSeen(
            new Tenant(
                "capped",
                NamespaceClaim.byName("capped"),
                TenantClass.BEST_EFFORT,
                0,
                Tenant.DEFAULT_COHORT,
                WholeSlices.BORROW,
                new Quota(Optional.empty(), Cap.UNLIMITED, Map.of("1g.5gb", 0))),
            4));
    Await.until("tenant", () -> owner.snapshot().tenants().all().size() == 3);
    asks("capped", "c");
    frees("g0");

    assertThat(asks("capped", "c")).contains(Rule.PROFILE_CAP);
    assertThat(feasible("gamma", "next")).isTrue();
  }

  private Optional<Rule> asks(String tenant, String name) {
    FilterAnswer answer = verbs.filter(pod(tenant, name, 50, null), List.of("n"));
    return Optional.ofNullable(answer.rejected().get("n"))
        .map(reason -> reason.rule())
        .filter(rule -> rule != Rule.NO_FREE_SHARE);
  }

  private boolean feasible(String tenant, String name) {
    return !verbs.filter(pod(tenant, name, 50, null), List.of("n")).feasible().isEmpty();
  }

  private void frees(String name) {
    owner.accept(new Event.PodGone("uid-" + name, 60));
    Cluster.report("n", 2, 61).forEach(owner::accept);
    Await.until("freed", () -> free() == 1);
  }

  private int free() {
    return owner.snapshot().node("n").stream()
        .flatMap(node -> node.slices().stream())
        .mapToInt(slice -> slice.sharesTotal() - slice.sharesUsed())
        .sum();
  }

  private static Tenant tenant(String name) {
    return new Tenant(
        name,
        NamespaceClaim.byName(name),
        TenantClass.BEST_EFFORT,
        0,
        Tenant.DEFAULT_COHORT,
        WholeSlices.BORROW,
        Quota.NONE);
  }

  private static PodFact pod(String namespace, String name, long version, String slice) {
    return new PodFact(
        new PodRef("uid-" + name, namespace, name),
        version,
        Optional.ofNullable(slice).map(s -> "n"),
        slice == null ? Phase.PENDING : Phase.RUNNING,
        0,
        PodNeeds.of(SHARE, 1),
        Optional.ofNullable(slice).map(s -> new Assignment(1, List.of(Held.shares(SHARE, s, 1)))),
        PodFact.Traits.ORDINARY);
  }
}
