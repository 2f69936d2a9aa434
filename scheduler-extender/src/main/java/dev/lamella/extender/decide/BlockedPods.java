package dev.lamella.extender.decide;

import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reclaim.DisruptionBudget;
import dev.lamella.core.reclaim.ReclaimDecision;
import dev.lamella.core.reclaim.ReclaimPlanner;
import dev.lamella.core.reclaim.Victim;
import dev.lamella.extender.kube.PodWriter;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after pods that were refused everywhere: pokes those that would fit by now, and reclaims
 * for those that are within their guarantee. The only part that evicts.
 */
final class BlockedPods {

  private static final Logger LOG = LoggerFactory.getLogger(BlockedPods.class);

  /** A pod is reclaimed for only if it is still refused after this: capacity may be on its way. */
  static final long PAUSE_MILLIS = 250;

  /** Longest that slices are kept for a pod; a victim may take its whole grace period. */
  static final long RESERVATION_MILLIS = 600_000;

  private static final long POKE_EVERY_MILLIS = 1_000;
  private static final long AFTER_REFUSED_EVICTION_MILLIS = 5_000;
  private static final long FORGET_MILLIS = 600_000;
  private static final long LEDGER_MILLIS = 2_000;

  private final LedgerOwner owner;
  private final Demands demands;
  private final PodWriter api;
  private final Supplier<List<DisruptionBudget>> budgets;
  private final Clock clock;
  private final Observer observer;

  private final Map<String, Long> pokedAt = new HashMap<>();
  private final Map<String, Long> notBefore = new HashMap<>();
  private final Map<String, Long> reservedAt = new HashMap<>();

  BlockedPods(
      LedgerOwner owner,
      Demands demands,
      PodWriter api,
      Supplier<List<DisruptionBudget>> budgets,
      Clock clock,
      Observer observer) {
    this.owner = owner;
    this.demands = demands;
    this.api = api;
    this.budgets = budgets;
    this.clock = clock;
    this.observer = observer;
  }

  /** Looks at every blocked pod once, in order of rank. */
  void tick() {
    List<Demand> blocked = demands.all();
    if (blocked.isEmpty()) {
      return;
    }
    long now = clock.millis();
    Snapshot snapshot = owner.snapshot();
    blocked.stream().sorted(rank(snapshot)).forEach(demand -> look(demand, now));
  }

  private static Comparator<Demand> rank(Snapshot snapshot) {
    return Comparator.comparingInt(
            (Demand d) -> -snapshot.tenants().of(d.pod().ref().namespace()).priority())
        .thenComparingInt(d -> -d.pod().priority())
        .thenComparingLong(Demand::since)
        .thenComparing(Demand::uid);
  }

  private void look(Demand demand, long now) {
    try {
      Optional<PodFact> pod = owner.decide(ledger -> ledger.pod(demand.uid()), LEDGER_MILLIS);
      if (pod.isEmpty() || pod.get().node().isPresent() || now - demand.at() > FORGET_MILLIS) {
        settle(demand.uid());
      } else if (fits(demand, pod.get(), now)) {
        poke(demand, now);
      } else if (owner.snapshot().reservation(demand.uid()).isPresent()) {
        releaseIfTooLong(demand.uid(), now);
      } else if (now - demand.since() >= PAUSE_MILLIS
          && now >= notBefore.getOrDefault(demand.uid(), 0L)) {
        reclaim(demand, pod.get(), now);
      }
    } catch (TimeoutException e) {
      LOG.warn("blocked pod {} is looked at later: {}", demand.pod().ref(), e.getMessage());
    }
  }

  private void settle(String uid) {
    demands.settled(uid);
    pokedAt.remove(uid);
    notBefore.remove(uid);
    reservedAt.remove(uid);
  }

  private boolean fits(Demand demand, PodFact pod, long now) {
    PodPlacer placer =
        PodPlacer.of(PodRequest.of(pod, now), owner.snapshot(), PlacementPolicy.PACK);
    return demand.offered().stream().anyMatch(n -> placer.place(n) instanceof Verdict.Fits);
  }

  private void poke(Demand demand, long now) {
    if (now - pokedAt.getOrDefault(demand.uid(), 0L) < POKE_EVERY_MILLIS) {
      return;
    }
    pokedAt.put(demand.uid(), now);
    try {
      api.poke(demand.pod().ref(), clock.instant());
      observer.poked();
      LOG.info("poke pod={} blocked_ms={}", demand.pod().ref(), now - demand.since());
    } catch (IOException e) {
      LOG.warn("poke pod={} failed: {}", demand.pod().ref(), e.getMessage());
    }
  }

  private void releaseIfTooLong(String uid, long now) {
    if (now - reservedAt.getOrDefault(uid, now) > RESERVATION_MILLIS) {
      LOG.warn("reservation of pod {} has lasted too long and ends", uid);
      owner.change(ledger -> ledger.release(uid));
      reservedAt.remove(uid);
      notBefore.put(uid, now + AFTER_REFUSED_EVICTION_MILLIS);
    }
  }

  private void reclaim(Demand demand, PodFact pod, long now) throws TimeoutException {
    List<DisruptionBudget> allowed = budgets.get();
    ReclaimDecision decision =
        owner.decide(ledger -> reserve(ledger, demand, pod, allowed, now), LEDGER_MILLIS);
    if (decision instanceof ReclaimDecision.Refused refused) {
      observer.notReclaimed(refused.reason().rule());
      LOG.debug("reclaim pod={} refused: {}", pod.ref(), refused.reason().account());
      notBefore.put(demand.uid(), now + POKE_EVERY_MILLIS);
    } else if (decision instanceof ReclaimDecision.Plan plan) {
      reservedAt.put(demand.uid(), now);
      observer.reclaimed();
      LOG.info(
          "reclaim pod={} node={} held={} victims={} leaving={}",
          pod.ref(),
          plan.node(),
          plan.held(),
          plan.victims().stream().map(victim -> victim.pod().pod()).toList(),
          plan.leaving());
      evict(pod, plan, now);
    }
  }

  private static ReclaimDecision reserve(
      Ledger ledger, Demand demand, PodFact pod, List<DisruptionBudget> budgets, long now) {
    ReclaimDecision decision =
        ReclaimPlanner.plan(PodRequest.of(pod, now), demand.offered(), budgets, ledger.snapshot());
    if (decision instanceof ReclaimDecision.Plan plan) {
      ledger.reserve(pod, new Reservation(plan.node(), plan.held()), now);
    }
    return decision;
  }

  /** One refusal ends the reservation: it is decided anew, with those who go already counted. */
  private void evict(PodFact pod, ReclaimDecision.Plan plan, long now) {
    String tenant = owner.snapshot().tenants().of(pod.ref().namespace()).name();
    for (Victim victim : plan.victims()) {
      PodRef ref = victim.pod().pod();
      PodWriter.Eviction outcome = api.evict(ref);
      observer.evicted(victim.kind(), outcome);
      LOG.info("evict pod={} for_tenant={} kind={} {}", ref, tenant, victim.kind(), outcome);
      if (outcome != PodWriter.Eviction.GOING) {
        owner.change(ledger -> ledger.release(pod.ref().uid()));
        notBefore.put(pod.ref().uid(), now + AFTER_REFUSED_EVICTION_MILLIS);
        return;
      }
      tell(ref, "Reclaimed", "tenant " + tenant + " takes back what it was promised");
    }
    tell(pod.ref(), "SlicesReserved", "slices are being freed for this pod");
  }

  private void tell(PodRef pod, String reason, String message) {
    try {
      api.event(pod, "Normal", reason, message, clock.instant());
    } catch (IOException e) {
      LOG.warn("event for {} not written: {}", pod, e.getMessage());
    }
  }
}
