package dev.lamella.extender.decide;

import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reclaim.DisruptionBudget;
import dev.lamella.core.reclaim.ReclaimDecision;
import dev.lamella.core.reclaim.ReclaimPlanner;
import dev.lamella.core.reclaim.Victim;
import dev.lamella.extender.kube.PodWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes slices back for pods within their guarantee: the only part that evicts. What is freed is
 * reserved for the pod until it is bound, gone, or has shown that it cannot use it.
 */
final class Reclaim {

  private static final Logger LOG = LoggerFactory.getLogger(Reclaim.class);

  /** Longest that slices are kept for a pod; a victim may take its whole grace period. */
  static final long RESERVATION_MILLIS = 600_000;

  /** Longest that slices lie free for a pod that is not bound: something else is in its way. */
  static final long FREE_MILLIS = 30_000;

  /** A pod whose reservation's node was not offered this often cannot use it. */
  private static final int MISSES = 2;

  private static final long AFTER_REFUSAL_MILLIS = 1_000;
  private static final long AFTER_FORBIDDEN_MILLIS = 5_000;
  private static final long AFTER_IN_VAIN_MILLIS = 60_000;
  private static final long LEDGER_MILLIS = 2_000;

  /** Where a pod stands. */
  private static final class Case {
    private long notBefore;
    private long reservedAt;
    private long freeSince;
    private long missedAt;
    private int misses;
  }

  private final LedgerOwner owner;
  private final PodWriter api;
  private final PodEvents events;
  private final Supplier<List<DisruptionBudget>> budgets;
  private final BooleanSupplier entitled;
  private final Clock clock;
  private final Observer observer;
  private final Map<String, Case> cases = new HashMap<>();

  /**
   * @param budgets what may be disrupted now
   * @param entitled whether this program may evict; asked before each eviction
   */
  Reclaim(
      LedgerOwner owner,
      PodWriter api,
      PodEvents events,
      Supplier<List<DisruptionBudget>> budgets,
      BooleanSupplier entitled,
      Clock clock,
      Observer observer) {
    this.owner = owner;
    this.api = api;
    this.events = events;
    this.budgets = budgets;
    this.entitled = entitled;
    this.clock = clock;
    this.observer = observer;
  }

  void settled(String uid) {
    cases.remove(uid);
  }

  /**
   * Ends a reservation that does not lead anywhere.
   *
   * @param ready whether what is reserved is free by now
   */
  void watchReservation(Demand demand, boolean ready, long now) {
    Case state = cases.computeIfAbsent(demand.uid(), uid -> new Case());
    String node = owner.snapshot().reservation(demand.uid()).map(Reservation::node).orElse("");
    if (!demand.offered().contains(node) && demand.at() > state.missedAt) {
      state.missedAt = demand.at();
      state.misses++;
    }
    state.freeSince = ready ? (state.freeSince == 0 ? now : state.freeSince) : 0;
    if (state.misses >= MISSES) {
      release(demand, state, "its node is no longer offered by the scheduler", now);
    } else if (ready && now - state.freeSince >= FREE_MILLIS) {
      release(
          demand, state, "its slices are free and it is not bound: the scheduler says why", now);
    } else if (state.reservedAt > 0 && now - state.reservedAt > RESERVATION_MILLIS) {
      release(demand, state, "its slices were not free in time", now);
    }
  }

  private void release(Demand demand, Case state, String why, long now) {
    LOG.warn("reservation of pod {} ends: {}", demand.pod().ref(), why);
    owner.change(ledger -> ledger.release(demand.uid()));
    events.warning(demand.pod().ref(), "ReservationEnded", why);
    state.reservedAt = 0;
    state.freeSince = 0;
    state.misses = 0;
    state.notBefore = now + AFTER_IN_VAIN_MILLIS;
  }

  /** Decides whether somebody has to go for a pod, and has them evicted. */
  void look(Demand demand, PodFact pod, long now) throws TimeoutException {
    Case state = cases.computeIfAbsent(demand.uid(), uid -> new Case());
    if (now < state.notBefore) {
      return;
    }
    List<DisruptionBudget> allowed = budgets.get();
    ReclaimDecision decision =
        owner.decide(ledger -> reserve(ledger, demand, pod, allowed, now), LEDGER_MILLIS);
    if (decision instanceof ReclaimDecision.Refused refused) {
      observer.notReclaimed(refused.reason().rule());
      LOG.debug("reclaim pod={} refused: {}", pod.ref(), refused.reason().account());
      events.normal(pod.ref(), "NotReclaimed", refused.reason().sentence());
      state.notBefore = now + AFTER_REFUSAL_MILLIS;
    } else if (decision instanceof ReclaimDecision.Plan plan) {
      state.reservedAt = now;
      observer.reclaimed();
      LOG.info(
          "reclaim pod={} node={} held={} victims={} leaving={}",
          pod.ref(),
          plan.node(),
          plan.held(),
          plan.victims().stream().map(victim -> victim.pod().pod()).toList(),
          plan.leaving());
      evict(pod, plan, state, now);
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
  private void evict(PodFact pod, ReclaimDecision.Plan plan, Case state, long now) {
    String tenant = owner.snapshot().tenants().of(pod.ref().namespace()).name();
    for (Victim victim : doubtfulFirst(plan.victims())) {
      PodRef ref = victim.pod().pod();
      PodWriter.Eviction outcome =
          entitled.getAsBoolean() ? api.evict(ref) : PodWriter.Eviction.FAILED;
      observer.evicted(victim.kind(), outcome);
      LOG.info("evict pod={} for_tenant={} kind={} {}", ref, tenant, victim.kind(), outcome);
      if (outcome != PodWriter.Eviction.GOING) {
        owner.change(ledger -> ledger.release(pod.ref().uid()));
        boolean forbidden = outcome == PodWriter.Eviction.FORBIDDEN;
        state.notBefore = now + (forbidden ? AFTER_FORBIDDEN_MILLIS : AFTER_REFUSAL_MILLIS);
        events.normal(pod.ref(), "NotReclaimed", sentence(outcome, victim.tenant().name()));
        return;
      }
      events.normal(ref, "Reclaimed", "tenant " + tenant + " takes back what it was promised");
    }
    events.normal(pod.ref(), "SlicesReserved", "slices are being freed for this pod");
  }

  /** Those that a budget may forbid are asked for first: then a refusal has cost nobody else. */
  private List<Victim> doubtfulFirst(List<Victim> victims) {
    Set<String> doubtful = new HashSet<>();
    for (DisruptionBudget budget : budgets.get()) {
      if (budget.allowed() <= 0) {
        doubtful.addAll(budget.pods());
      }
    }
    List<Victim> ordered = new ArrayList<>(victims);
    ordered.sort(Comparator.comparing(victim -> !doubtful.contains(victim.pod().pod().uid())));
    return ordered;
  }

  private static String sentence(PodWriter.Eviction outcome, String tenant) {
    return outcome == PodWriter.Eviction.FORBIDDEN
        ? "a disruption budget of tenant " + tenant + " forbids to take slices back now"
        : "the API server did not take an eviction, tried again";
  }
}
