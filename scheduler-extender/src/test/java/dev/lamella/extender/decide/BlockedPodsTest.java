package dev.lamella.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.reclaim.Victim;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.extender.Await;
import dev.lamella.extender.Cluster;
import dev.lamella.extender.ManualClock;
import dev.lamella.extender.StandInApi;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.PodWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node with one slice, held in a share by beta; alpha was promised it. */
class BlockedPodsTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");
  private static final ResourceName SHARED = ResourceName.shared("1g.5gb");
  private static final String EVICT = "POST /api/v1/namespaces/beta/pods/b/eviction";
  private static final String POKE = "PATCH /api/v1/namespaces/alpha/pods/a";

  @TempDir Path dir;
  private final ManualClock clock = new ManualClock();
  private StandInApi api;
  private KubeApi kube;
  private LedgerOwner owner;
  private Verbs verbs;
  private BlockedPods blocked;
  private PodEvents events;
  private final AtomicBoolean entitled = new AtomicBoolean(true);
  private final List<String> told = new ArrayList<>();

  private final Observer observer =
      new Observer() {
        @Override
        public void poked() {
          told.add("poked");
        }

        @Override
        public void reclaimed() {
          told.add("reclaimed");
        }

        @Override
        public void notReclaimed(Rule rule) {
          told.add(rule.name());
        }

        @Override
        public void evicted(Victim.Kind kind, PodWriter.Eviction outcome) {
          told.add(kind + " " + outcome);
        }
      };

  @BeforeEach
  void start() throws IOException {
    api =
        new StandInApi()
            .on("POST /api/v1/namespaces/beta/events", 201, "{}")
            .on("POST /api/v1/namespaces/alpha/events", 201, "{}")
            .on(POKE, 200, "{}");
    kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
    owner = new LedgerOwner();
    verbs = new Verbs(owner, PlacementPolicy.PACK, clock);
    PodWriter pods = new PodWriter(kube);
    events = new PodEvents(pods, clock);
    Reclaim reclaim = new Reclaim(owner, pods, events, List::of, entitled::get, clock, observer);
    blocked = new BlockedPods(owner, verbs, pods, reclaim, clock, observer);
    Cluster.node("n", 1).forEach(owner::accept);
    owner.accept(new Event.TenantSeen(Cluster.promised("alpha", 1), 2));
    owner.accept(new Event.PodSeen(pod("beta", "b", 3, SHARED, Held.shares(SHARED, "MIG-n-0", 1))));
    owner.accept(new Event.PodSeen(pod("alpha", "a", 4, WHOLE, null)));
    Await.until("b holds a share", this::held);
  }

  @AfterEach
  void stop() {
    events.close();
    owner.close();
    kube.close();
    api.close();
  }

  @Test
  void evictsAfterAPauseAndKeepsWhatItFreesForThePod() {
    api.on(EVICT, 201, "{}");
    refuse();
    blocked.tick();
    assertThat(asked(EVICT)).as("within the pause").isZero();

    clock.pass(BlockedPods.PAUSE_MILLIS);
    blocked.tick();
    blocked.tick();

    assertThat(asked(EVICT)).isEqualTo(1);
    Await.until(
        "told",
        () ->
            api.requests().stream()
                .anyMatch(
                    request ->
                        request.contains("/beta/events")
                            && request.contains("tenant alpha takes back")));
    Await.until("reserved", () -> owner.snapshot().reservation("uid-a").isPresent());
    assertThat(told).containsExactly("reclaimed", "BORROWING_SHARE GOING");
  }

  @Test
  void pokesThePodOnceWhatWasFreedIsReportedFree() {
    api.on(EVICT, 201, "{}");
    refuse();
    clock.pass(BlockedPods.PAUSE_MILLIS);
    blocked.tick();
    owner.accept(new Event.PodGone("uid-b", 10));
    blocked.tick();
    assertThat(asked(POKE)).as("before the node's report").isZero();

    Cluster.report("n", 1, 11).forEach(owner::accept);
    Await.until(
        "poked",
        () -> {
          blocked.tick();
          return asked(POKE) == 1;
        });
    clock.pass(500);
    blocked.tick();
    assertThat(asked(POKE)).as("not at every look").isEqualTo(1);
    assertThat(told).endsWith("poked");
  }

  @Test
  void aBudgetThatForbidsTheEvictionEndsTheReservationAndIsAskedAgainLater() {
    api.on(EVICT, 429, "{}").on(EVICT, 201, "{}");
    refuse();
    clock.pass(BlockedPods.PAUSE_MILLIS);
    blocked.tick();
    assertThat(asked(EVICT)).isEqualTo(1);
    Await.until("released", () -> owner.snapshot().reservation("uid-a").isEmpty());
    clock.pass(1_000);
    blocked.tick();
    assertThat(asked(EVICT)).as("too soon").isEqualTo(1);

    clock.pass(10_000);
    blocked.tick();

    assertThat(asked(EVICT)).isEqualTo(2);
    Await.until("reserved", () -> owner.snapshot().reservation("uid-a").isPresent());
  }

  @Test
  void aPodThatIsGoneIsForgottenAndItsReservationWithIt() {
    api.on(EVICT, 201, "{}");
    refuse();
    clock.pass(BlockedPods.PAUSE_MILLIS);
    blocked.tick();
    owner.accept(new Event.PodGone("uid-a", 20));
    Await.until("released", () -> owner.snapshot().reservation("uid-a").isEmpty());

    blocked.tick();

    assertThat(verbs.demands().all()).isEmpty();
  }

  /** kube-scheduler may ask before this program's own watch has told of the pod. */
  @Test
  void aPodThatTheWatchHasNotToldOfYetIsHelpedOnceItHas() {
    api.on(EVICT, 201, "{}");
    PodFact early = pod("alpha", "early", 5, WHOLE, null);
    verbs.filter(early, List.of("n"));
    blocked.tick();
    owner.accept(new Event.PodSeen(early));
    clock.pass(BlockedPods.PAUSE_MILLIS);

    blocked.tick();

    assertThat(asked(EVICT)).isEqualTo(1);
  }

  @Test
  void aPodThatTheWatchNeverTellsOfIsForgotten() {
    verbs.filter(pod("alpha", "early", 5, WHOLE, null), List.of("n"));
    clock.pass(BlockedPods.UNSEEN_MILLIS);
    blocked.tick();
    assertThat(verbs.demands().of("uid-early")).isPresent();

    clock.pass(1);
    blocked.tick();

    assertThat(verbs.demands().of("uid-early")).isEmpty();
  }

  @Test
  void nobodyIsEvictedOnceAnotherReplicaLeads() {
    api.on(EVICT, 201, "{}");
    entitled.set(false);
    refuse();
    clock.pass(BlockedPods.PAUSE_MILLIS);
    blocked.tick();

    assertThat(asked(EVICT)).isZero();
    Await.until("released", () -> owner.snapshot().reservation("uid-a").isEmpty());
  }

  @Test
  void aReservationWhoseNodeIsOfferedNoLongerEnds() {
    reserved();
    Cluster.node("other", 0).forEach(owner::accept);

    refuseOn("other");
    blocked.tick();
    assertThat(owner.snapshot().reservation("uid-a")).as("once may be chance").isPresent();
    clock.pass(2_000);
    refuseOn("other");
    blocked.tick();

    Await.until("released", () -> owner.snapshot().reservation("uid-a").isEmpty());
    awaitEvent("/alpha/events", "its node is no longer offered");
  }

  @Test
  void aReservationEndsAsSoonAsThePodFitsWithoutIt() {
    reserved();
    Cluster.node("other", 1).forEach(owner::accept);

    refuseOn("other");
    Await.until(
        "poked",
        () -> {
          blocked.tick();
          return asked(POKE) > 0;
        });

    Await.until("released", () -> owner.snapshot().reservation("uid-a").isEmpty());
  }

  @Test
  void aReservationStaysWhileThePodFitsNowhereElse() {
    reserved();
    Cluster.node("other", 0).forEach(owner::accept);

    refuseOn("other");
    blocked.tick();
    blocked.tick();

    assertThat(owner.snapshot().reservation("uid-a")).isPresent();
    assertThat(asked(POKE)).isZero();
  }

  @Test
  void aReservationThatLiesFreeAndIsNotUsedEnds() {
    reserved();
    owner.accept(new Event.PodGone("uid-b", 10));
    Cluster.report("n", 1, 11).forEach(owner::accept);
    Await.until(
        "poked",
        () -> {
          blocked.tick();
          return asked(POKE) > 0;
        });
    clock.pass(Reclaim.FREE_MILLIS);
    blocked.tick();

    Await.until("released", () -> owner.snapshot().reservation("uid-a").isEmpty());
    awaitEvent("/alpha/events", "its slices are free and it is not bound");
  }

  @Test
  void aReservationEndsAfterItsLimit() {
    reserved();
    clock.pass(Reclaim.RESERVATION_MILLIS);
    refuse();
    blocked.tick();
    assertThat(owner.snapshot().reservation("uid-a")).isPresent();
    clock.pass(1);
    blocked.tick();

    Await.until("released", () -> owner.snapshot().reservation("uid-a").isEmpty());
  }

  @Test
  void aPodThatCannotBeHelpedIsToldWhyOnceAMinuteAndCounted() {
    owner.accept(new Event.TenantGone("alpha", 30));
    Await.until("gone", () -> owner.snapshot().tenants().all().isEmpty());
    for (int i = 0; i < 70; i++) {
      refuse();
      blocked.tick();
      clock.pass(1_000);
      // Written by a thread of its own: what comes before that is one writing.
      if (i == 1) {
        awaitEvent("/alpha/events", "NotReclaimed");
      }
    }

    // The stand-in has no event to count up, so that the second writing is a new one.
    awaitEvent("/alpha/events", "\"count\":61,");
    Await.until("a new one", () -> asked("POST /api/v1/namespaces/alpha/events") == 2);
  }

  private void reserved() {
    api.on(EVICT, 201, "{}");
    refuse();
    clock.pass(BlockedPods.PAUSE_MILLIS);
    blocked.tick();
    Await.until("reserved", () -> owner.snapshot().reservation("uid-a").isPresent());
  }

  private void awaitEvent(String path, String words) {
    Await.until(
        words + " in " + path,
        () -> api.requests().stream().anyMatch(r -> r.contains(path) && r.contains(words)));
  }

  private void refuseOn(String node) {
    verbs.filter(pod("alpha", "a", 4, WHOLE, null), List.of(node));
  }

  private void refuse() {
    assertThat(verbs.filter(pod("alpha", "a", 4, WHOLE, null), List.of("n")).feasible()).isEmpty();
  }

  private long asked(String request) {
    return api.requests().stream().filter(line -> line.startsWith(request)).count();
  }

  private boolean held() {
    return owner.snapshot().node("n").stream()
        .flatMap(node -> node.slices().stream())
        .anyMatch(slice -> slice.sharesUsed() == 1);
  }

  private static PodFact pod(
      String namespace, String name, long version, ResourceName resource, Held held) {
    return new PodFact(
        new PodRef("uid-" + name, namespace, name),
        version,
        held == null ? Optional.empty() : Optional.of("n"),
        held == null ? Phase.PENDING : Phase.RUNNING,
        0,
        PodNeeds.of(resource, 1),
        Optional.ofNullable(held).map(h -> new Assignment(1, List.of(h))),
        PodFact.Traits.ORDINARY);
  }
}
