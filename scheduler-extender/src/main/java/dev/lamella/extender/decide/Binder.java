package dev.lamella.extender.decide;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.pod.PodRef;
import dev.lamella.extender.kube.PodBinder;
import dev.lamella.extender.log.LogValue;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bind: decides again against the ledger as it stands, reserves, writes. The only verb that commits
 * anything.
 *
 * <p>A write whose answer was lost is settled before anything else is done for that pod: the pod is
 * touched, after which the lost write either shows or, by its resourceVersion, can never happen.
 */
public final class Binder implements AutoCloseable {

  /** Longest that a bind's write may take; kube-scheduler waits 5 s for the whole answer. */
  public static final long WRITE_MILLIS = 3_000;

  private static final Logger LOG = LoggerFactory.getLogger(Binder.class);
  private static final long LEDGER_MILLIS = 1_000;
  private static final long LEAST_MILLIS = 100;

  private final LedgerOwner owner;
  private final PodBinder api;
  private final PlacementPolicy policy;
  private final Clock clock;
  private final LongSupplier entitledMillis;

  private final BiConsumer<PodRef, Assignment> assigned;
  private final UnsettledBinds unsettled;

  /** A binder that is the only one. */
  public Binder(LedgerOwner owner, PodBinder api, PlacementPolicy policy, Clock clock) {
    this(owner, api, policy, clock, () -> Long.MAX_VALUE, (pod, assignment) -> {});
  }

  /**
   * @param entitledMillis for how long this program may still bind; no write outlasts it
   * @param assigned told of each bind
   */
  public Binder(
      LedgerOwner owner,
      PodBinder api,
      PlacementPolicy policy,
      Clock clock,
      LongSupplier entitledMillis,
      BiConsumer<PodRef, Assignment> assigned) {
    this.owner = owner;
    this.api = api;
    this.policy = policy;
    this.clock = clock;
    this.entitledMillis = entitledMillis;
    this.assigned = assigned;
    this.unsettled = new UnsettledBinds(owner, api, clock);
  }

  /**
   * Binds a pod.
   *
   * @return empty if it is bound; else why not, in a sentence for the pod's event
   */
  public Optional<String> bind(String uid, String namespace, String name, String node) {
    if (!unsettled.open(uid)) {
      return Optional.of("what became of this pod's last bind is not known yet");
    }
    try {
      Optional<PodFact> pod = find(uid, namespace, name);
      if (pod.isEmpty()) {
        unsettled.close(uid);
        return Optional.of("pod " + namespace + "/" + name + " with this UID is not there");
      }
      return bind(pod.get(), node);
    } catch (TimeoutException e) {
      owner.change(ledger -> ledger.unbind(uid));
      unsettled.close(uid);
      return Optional.of("the ledger is busy, try again");
    } catch (IOException e) {
      unsettled.close(uid);
      return Optional.of("the API server does not answer: " + e.getMessage());
    }
  }

  private Optional<String> bind(PodFact pod, String node) throws TimeoutException {
    Reservation reserved = owner.decide(ledger -> reserve(ledger, pod, node), LEDGER_MILLIS);
    if (reserved.assignment().isEmpty()) {
      unsettled.close(pod.ref().uid());
      return Optional.of(reserved.refusal());
    }
    Assignment assignment = reserved.assignment().get();
    PodBinder.Outcome outcome = write(reserved.pod(), node, assignment);
    if (outcome instanceof PodBinder.Outcome.Unknown unknown) {
      LOG.warn(
          "bind pod={} node={} unknown={}",
          LogValue.of(pod.ref()),
          LogValue.of(node),
          LogValue.of(unknown.message()));
      return unsettled
              .settle(pod)
              .filter(now -> now.assignment().equals(reserved.assignment()))
              .isPresent()
          ? Optional.empty()
          : Optional.of("the API server did not confirm the bind: " + unknown.message());
    }
    if (outcome instanceof PodBinder.Outcome.Refused refused) {
      refused.seen().ifPresent(seen -> owner.accept(new Event.PodSeen(seen)));
      owner.change(ledger -> ledger.unbind(pod.ref().uid()));
      unsettled.close(pod.ref().uid());
      LOG.warn(
          "bind pod={} node={} refused={}",
          LogValue.of(pod.ref()),
          LogValue.of(node),
          LogValue.of(refused.message()));
      return Optional.of("the API server refused the bind: " + refused.message());
    }
    unsettled.close(pod.ref().uid());
    LOG.info(
        "bind pod={} node={} held={}",
        LogValue.of(pod.ref()),
        LogValue.of(node),
        LogValue.of(assignment.text()));
    assigned.accept(pod.ref(), assignment);
    return Optional.empty();
  }

  /** The watch may be behind the scheduler's; then the pod is read. */
  private Optional<PodFact> find(String uid, String namespace, String name)
      throws IOException, TimeoutException {
    Optional<PodFact> known = owner.decide(ledger -> ledger.pod(uid), LEDGER_MILLIS);
    return known.isPresent()
        ? known
        : api.read(namespace, name).filter(pod -> pod.ref().uid().equals(uid));
  }

  private record Reservation(PodFact pod, Optional<Assignment> assignment, String refusal) {}

  private Reservation reserve(Ledger ledger, PodFact pod, String node) {
    ledger.unbind(pod.ref().uid());
    PodFact now = ledger.pod(pod.ref().uid()).orElse(pod);
    if (now.node().isPresent() || now.phase().terminal()) {
      return new Reservation(now, Optional.empty(), "pod is bound already, or has ended");
    }
    long boundAt = clock.millis();
    Verdict verdict =
        PodPlacer.of(PodRequest.of(now, boundAt), ledger.snapshot(), policy).place(node);
    if (verdict instanceof Verdict.Fits fits) {
      Assignment assignment = new Assignment(boundAt, fits.held());
      ledger.bind(now, node, assignment);
      return new Reservation(now, Optional.of(assignment), "");
    }
    return new Reservation(
        now,
        Optional.empty(),
        "the node was taken meanwhile: " + ((Verdict.Rejected) verdict).reason().sentence());
  }

  private PodBinder.Outcome write(PodFact pod, String node, Assignment assignment) {
    long millis = Math.min(WRITE_MILLIS, entitledMillis.getAsLong());
    if (millis < LEAST_MILLIS) {
      return new PodBinder.Outcome.Refused("another replica leads by now", Optional.empty());
    }
    return api.bind(pod, node, assignment, millis);
  }

  @Override
  public void close() {
    unsettled.close();
  }
}
