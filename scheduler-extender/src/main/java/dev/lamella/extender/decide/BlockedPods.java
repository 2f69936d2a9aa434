package dev.lamella.extender.decide;

import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.extender.kube.PodWriter;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after pods that were refused everywhere: pokes those that would fit by now, and has slices
 * reclaimed for the others.
 */
final class BlockedPods {

  private static final Logger LOG = LoggerFactory.getLogger(BlockedPods.class);

  /** A pod is reclaimed for only if it is still refused after this: capacity may be on its way. */
  static final long PAUSE_MILLIS = 250;

  /** How long this program's watch of pods may be behind kube-scheduler's. */
  static final long UNSEEN_MILLIS = 30_000;

  private static final long POKE_EVERY_MILLIS = 1_000;
  private static final long FORGET_MILLIS = 600_000;
  private static final long LEDGER_MILLIS = 2_000;

  private final LedgerOwner owner;
  private final Verbs verbs;
  private final PodWriter api;
  private final Reclaim reclaim;
  private final Clock clock;
  private final Observer observer;
  private final Map<String, Long> pokedAt = new HashMap<>();
  private final Set<String> seen = new HashSet<>();

  BlockedPods(
      LedgerOwner owner,
      Verbs verbs,
      PodWriter api,
      Reclaim reclaim,
      Clock clock,
      Observer observer) {
    this.owner = owner;
    this.verbs = verbs;
    this.api = api;
    this.reclaim = reclaim;
    this.clock = clock;
    this.observer = observer;
  }

  /** Looks at every blocked pod once, in order of rank. */
  void tick() {
    List<Demand> blocked = verbs.demands().all();
    Set<String> uids = blocked.stream().map(Demand::uid).collect(Collectors.toSet());
    pokedAt.keySet().retainAll(uids);
    seen.retainAll(uids);
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
      if (pod.isPresent() ? over(demand, pod.get(), now) : gone(demand, now)) {
        verbs.settled(demand.uid());
        reclaim.settled(demand.uid());
        return;
      }
      if (pod.isPresent()) {
        seen.add(demand.uid());
        help(demand, pod.get(), now);
      }
    } catch (TimeoutException e) {
      LOG.warn("blocked pod {} is looked at later: {}", demand.pod().ref(), e.getMessage());
    }
  }

  private void help(Demand demand, PodFact pod, long now) throws TimeoutException {
    boolean kept = owner.snapshot().reservation(demand.uid()).isPresent();
    boolean fits = fits(demand, pod, owner.snapshot(), now);
    if (kept && !fits && fitsWithoutReservation(demand, pod, now)) {
      LOG.info("reservation of pod {} ends: it fits without", demand.pod().ref());
      reclaim.settled(demand.uid());
      poke(demand, now);
      return;
    }
    if (fits) {
      poke(demand, now);
    }
    if (kept) {
      reclaim.watchReservation(demand, fits, now);
    } else if (!fits && now - demand.since() >= PAUSE_MILLIS) {
      reclaim.look(demand, pod, now);
    }
  }

  private static boolean over(Demand demand, PodFact pod, long now) {
    return pod.node().isPresent() || now - demand.at() > FORGET_MILLIS;
  }

  /** A pod that is not known has gone, or kube-scheduler has heard of it first. */
  private boolean gone(Demand demand, long now) {
    return seen.contains(demand.uid()) || now - demand.at() > UNSEEN_MILLIS;
  }

  private boolean fits(Demand demand, PodFact pod, Snapshot snapshot, long now) {
    PlacementPolicy policy = verbs.policy();
    PodPlacer placer = PodPlacer.of(PodRequest.of(pod, now), snapshot, policy);
    return demand.offered().stream().anyMatch(n -> placer.place(n) instanceof Verdict.Fits);
  }

  /**
   * Whether the pod would fit if it did not wait for what is kept for it: who was to leave there
   * may stay after all. The reservation ends if so.
   */
  private boolean fitsWithoutReservation(Demand demand, PodFact pod, long now)
      throws TimeoutException {
    return owner.decide(
        ledger -> {
          Optional<Reservation> kept = ledger.snapshot().reservation(demand.uid());
          if (fits(demand, pod, ledger.snapshot(), now)) {
            return false; // free by now
          }
          ledger.release(demand.uid());
          boolean fits = fits(demand, pod, ledger.snapshot(), now);
          if (!fits) {
            kept.ifPresent(reservation -> ledger.reserve(pod, reservation, now));
          }
          return fits;
        },
        LEDGER_MILLIS);
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
}
