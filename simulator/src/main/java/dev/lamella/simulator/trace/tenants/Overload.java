package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.quota.BorrowOrder;
import dev.lamella.core.reclaim.ReclaimDecision;
import dev.lamella.core.reclaim.ReclaimPlanner;
import dev.lamella.core.reclaim.Victim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One run of a scene under a policy: events in virtual time, from one seed.
 *
 * <h2>Goals</h2>
 *
 * To show what tenants get when more is asked for than there is, decided by the same code as in a
 * cluster: ledger, placement, quota, borrow order, reclaim.
 *
 * <h2>Constraints</h2>
 *
 * No threads and no real clock; the same scene, policy and seed give the same run. Arrivals and
 * lifetimes do not depend on the policy.
 *
 * <h2>Algorithm</h2>
 *
 * <ol>
 *   <li>The next event happens: a pod is submitted, ends, is gone or gives up; a node reports; the
 *       pause before a reclaim is over.
 *   <li>Every waiting pod is tried, in the order of submission. One that fits is bound; one within
 *       its guarantee that does not starts the pause before reclaim.
 *   <li>The invariants are checked.
 * </ol>
 */
final class Overload {

  /** Ended pods stay in the API for this long, in milliseconds. */
  private static final long REMAINS = 60_000;

  /** A ledger is rebuilt and compared after every so many events. */
  private static final int REBUILD_EVERY = 16;

  private final Scene scene;
  private final Policy policy;
  private final long seed;
  private final Agenda agenda = new Agenda();
  private final World world;
  private final Scheduling scheduling;
  private final Tally tally;
  private final Random graces;
  private final List<SimPod> waiting = new ArrayList<>();
  private final Map<String, SimPod> pods = new HashMap<>();
  private long submissions;
  private long events;

  Overload(Scene scene, Policy policy, long seed) {
    this.scene = scene;
    this.policy = policy;
    this.seed = seed;
    this.world = new World(scene);
    this.scheduling = new Scheduling(policy, scene);
    this.tally = new Tally(scene.warmUp(), scene.arrivals());
    this.graces = new Random(seed * 31);
  }

  /**
   * Runs until every pod has gone.
   *
   * @throws InvariantBroken naming the seed and the moment
   */
  Tally run() {
    for (int i = 0; i < scene.workloads().size(); i++) {
      arrive(scene.workloads().get(i), new Random(seed * 1_000 + i));
    }
    try {
      while (!agenda.isEmpty()) {
        tally.pass(agenda.now(), agenda.nextAt(), world.hardware());
        agenda.next();
        noteGuarantees();
        schedule();
        check();
      }
      Invariants.sameAsRebuilt(world);
      Invariants.whatWasChargedIsFreed(world);
    } catch (IllegalStateException e) {
      throw new InvariantBroken(seed, policy, agenda.now(), e);
    }
    return tally;
  }

  /** Compute slices of the scene's nodes. */
  double compute() {
    return world.hardware().compute();
  }

  private void check() {
    Snapshot snapshot = world.snapshot();
    Invariants.oneModeOneHand(snapshot);
    tally.violations(Invariants.aboveTheirLimit(snapshot).size());
    if (++events % REBUILD_EVERY == 0) {
      Invariants.sameAsRebuilt(world);
    }
  }

  private void arrive(Workload workload, Random random) {
    long delay = workload.nextArrival(random);
    PodNeeds needs = workload.needs(random);
    long lifetime = workload.lifetime(random);
    if (agenda.now() + delay < scene.arrivals()) {
      agenda.after(
          delay,
          () -> {
            submit(workload.namespace(), needs, lifetime, false);
            arrive(workload, random);
          });
    }
  }

  private void submit(String namespace, PodNeeds needs, long lifetime, boolean replacement) {
    String name = namespace + "-" + submissions++;
    PodRef ref = new PodRef("uid-" + name, namespace, name);
    SimPod pod = new SimPod(ref, needs, lifetime, agenda.now(), replacement);
    pods.put(ref.uid(), pod);
    waiting.add(pod);
    world.submitted(pod);
    tally.submitted(pod);
    agenda.after(scene.timing().patience(), () -> giveUp(pod));
  }

  private void giveUp(SimPod pod) {
    if (pod.waiting()) {
      waiting.remove(pod);
      gone(pod);
    }
  }

  private void gone(SimPod pod) {
    world.gone(pod);
    pods.remove(pod.ref.uid());
  }

  /** Who stands within the guarantee, so that waiting is counted from there. */
  private void noteGuarantees() {
    Snapshot snapshot = world.snapshot();
    Map<PodNeeds, Boolean> known = new HashMap<>();
    for (SimPod pod : waiting) {
      if (latencyCritical(pod) && snapshot.reservation(pod.ref.uid()).isEmpty()) {
        PodRequest request = PodRequest.of(world.fact(pod), agenda.now());
        boolean within =
            known.computeIfAbsent(pod.needs, n -> Scheduling.guaranteed(request, snapshot));
        pod.standsWithinGuarantee(within, agenda.now());
      }
    }
  }

  private boolean latencyCritical(SimPod pod) {
    return world.snapshot().tenants().of(pod.ref.namespace()).latencyCritical();
  }

  /** What pods are alike in: those of one kind are refused together. */
  private record Kind(String namespace, PodNeeds needs) {}

  /** Tries every waiting pod. What was refused once is not asked again in the same round. */
  private void schedule() {
    Map<Kind, Scheduling.Outcome.Refused> refused = new HashMap<>();
    for (SimPod pod : List.copyOf(waiting)) {
      Kind kind = new Kind(pod.ref.namespace(), pod.needs);
      boolean reserved = world.snapshot().reservation(pod.ref.uid()).isPresent();
      Scheduling.Outcome outcome =
          !reserved && refused.containsKey(kind)
              ? refused.get(kind)
              : scheduling.attempt(pod, world, agenda.now());
      if (outcome instanceof Scheduling.Outcome.Place place) {
        bind(pod, place);
      } else if (outcome instanceof Scheduling.Outcome.Yields) {
        holdBack(pod);
      } else if (outcome instanceof Scheduling.Outcome.Refused no && !reserved) {
        refused.put(kind, no);
        if (no.guaranteed()) {
          demand(pod);
        }
      }
    }
  }

  private void bind(SimPod pod, Scheduling.Outcome.Place place) {
    waiting.remove(pod);
    tally.started(pod, latencyCritical(pod), agenda.now());
    world.bind(pod, place.node(), place.held(), agenda.now());
    agenda.after(scene.timing().report(), () -> world.report(place.node()));
    agenda.after(pod.lifetime, () -> end(pod));
  }

  private void end(SimPod pod) {
    if (pod.stage == SimPod.Stage.BOUND) {
      world.succeeded(pod);
      agenda.after(scene.timing().report(), () -> world.report(pod.node()));
      agenda.after(REMAINS, () -> gone(pod));
    } else if (pod.stage == SimPod.Stage.LEAVING) {
      left(pod);
    }
  }

  /** An evicted pod is gone from the API; its node says so a little later. */
  private void left(SimPod pod) {
    if (pod.stage == SimPod.Stage.LEAVING) {
      gone(pod);
      agenda.after(
          scene.timing().report(),
          () -> {
            world.report(pod.node());
            world.reportedGone(pod);
          });
    }
  }

  /** It is tried again when it need not yield any longer. */
  private void holdBack(SimPod pod) {
    if (pod.heldBackSince(agenda.now()) == agenda.now()) {
      agenda.after(BorrowOrder.LONGEST_MILLIS, () -> {});
    }
  }

  private void demand(SimPod pod) {
    if (policy.reclaims() && !pod.reclaimPending) {
      pod.reclaimPending = true;
      agenda.after(scene.timing().reaction(), () -> reclaim(pod));
    }
  }

  /** The pause is over: the pod may have found a place meanwhile, or one has come free. */
  private void reclaim(SimPod pod) {
    pod.reclaimPending = false;
    if (!pod.waiting()
        || world.snapshot().reservation(pod.ref.uid()).isPresent()
        || scheduling.attempt(pod, world, agenda.now()) instanceof Scheduling.Outcome.Place) {
      return;
    }
    Snapshot snapshot = world.snapshot();
    ReclaimDecision decision =
        ReclaimPlanner.plan(
            PodRequest.of(world.fact(pod), agenda.now()),
            scheduling.offered(pod),
            List.of(),
            snapshot);
    if (decision instanceof ReclaimDecision.Plan plan) {
      Invariants.guaranteedLatencyCriticalNeverEvicted(plan, snapshot);
      Invariants.noVictimCouldBeLeftOut(plan, snapshot);
      world.reserve(pod, new Reservation(plan.node(), plan.held()), agenda.now());
      plan.victims().forEach(this::evict);
    }
  }

  /** Its controller makes another in its place at once. */
  private void evict(Victim victim) {
    SimPod pod = pods.get(victim.pod().pod().uid());
    tally.evicted(victim, agenda.now());
    world.terminating(pod);
    Timing timing = scene.timing();
    long spread = timing.longestGrace() - timing.shortestGrace() + 1;
    agenda.after(timing.shortestGrace() + (long) (graces.nextDouble() * spread), () -> left(pod));
    submit(pod.ref.namespace(), pod.needs, pod.lifetime, true);
  }
}
