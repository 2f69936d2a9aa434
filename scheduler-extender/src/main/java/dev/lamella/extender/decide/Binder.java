package dev.lamella.extender.decide;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.extender.kube.PodBinder;
import dev.lamella.extender.log.LogValue;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bind: decides again against the ledger as it stands, reserves, writes. The only verb that commits
 * anything.
 */
public final class Binder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Binder.class);
  private static final long LEDGER_MILLIS = 2_000;
  private static final long READ_BACK_MILLIS = 500;

  private final LedgerOwner owner;
  private final PodBinder api;
  private final PlacementPolicy policy;
  private final Clock clock;
  private final ScheduledExecutorService readBack =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "bind-read-back");
            thread.setDaemon(true);
            return thread;
          });

  public Binder(LedgerOwner owner, PodBinder api, PlacementPolicy policy, Clock clock) {
    this.owner = owner;
    this.api = api;
    this.policy = policy;
    this.clock = clock;
  }

  /**
   * Binds a pod.
   *
   * @return empty if it is bound; else why not, in a sentence for the pod's event
   */
  public Optional<String> bind(String uid, String namespace, String name, String node) {
    try {
      Optional<PodFact> pod = find(uid, namespace, name);
      if (pod.isEmpty()) {
        return Optional.of("pod " + namespace + "/" + name + " with this UID is not there");
      }
      Reservation reservation =
          owner.decide(ledger -> reserve(ledger, pod.get(), node), LEDGER_MILLIS);
      if (reservation.assignment().isEmpty()) {
        return Optional.of(reservation.refusal());
      }
      return write(pod.get(), node, reservation.assignment().get());
    } catch (TimeoutException e) {
      owner.change(ledger -> ledger.unbind(uid));
      return Optional.of("the ledger is busy, try again");
    } catch (IOException e) {
      return Optional.of("the API server does not answer: " + e.getMessage());
    }
  }

  /** The watch may be behind the scheduler's; then the pod is read. */
  private Optional<PodFact> find(String uid, String namespace, String name)
      throws IOException, TimeoutException {
    Optional<PodFact> known = owner.decide(ledger -> ledger.pod(uid), LEDGER_MILLIS);
    return known.isPresent()
        ? known
        : api.read(namespace, name).filter(pod -> pod.ref().uid().equals(uid));
  }

  private record Reservation(Optional<Assignment> assignment, String refusal) {}

  private Reservation reserve(Ledger ledger, PodFact pod, String node) {
    ledger.unbind(pod.ref().uid());
    PodFact now = ledger.pod(pod.ref().uid()).orElse(pod);
    if (now.node().isPresent() || now.phase().terminal()) {
      return new Reservation(Optional.empty(), "pod is bound already, or has ended");
    }
    long boundAt = clock.millis();
    Verdict verdict =
        PodPlacer.of(PodRequest.of(now, boundAt), ledger.snapshot(), policy).place(node);
    if (verdict instanceof Verdict.Fits fits) {
      Assignment assignment = new Assignment(boundAt, fits.held());
      ledger.bind(now, node, assignment);
      return new Reservation(Optional.of(assignment), "");
    }
    return new Reservation(
        Optional.empty(),
        "the node was taken meanwhile: " + ((Verdict.Rejected) verdict).reason().sentence());
  }

  private Optional<String> write(PodFact pod, String node, Assignment assignment) {
    PodBinder.Outcome outcome = api.bind(pod.ref(), node, assignment);
    if (outcome instanceof PodBinder.Outcome.Refused refused) {
      owner.change(ledger -> ledger.unbind(pod.ref().uid()));
      LOG.warn(
          "bind pod={} node={} refused={}",
          LogValue.of(pod.ref()),
          LogValue.of(node),
          LogValue.of(refused.message()));
      return Optional.of("the API server refused the bind: " + refused.message());
    }
    if (outcome instanceof PodBinder.Outcome.Unknown unknown) {
      LOG.warn(
          "bind pod={} node={} unknown={}",
          LogValue.of(pod.ref()),
          LogValue.of(node),
          LogValue.of(unknown.message()));
      return readBack(pod, node)
          ? Optional.empty()
          : Optional.of("the API server did not confirm the bind: " + unknown.message());
    }
    LOG.info(
        "bind pod={} node={} held={}",
        LogValue.of(pod.ref()),
        LogValue.of(node),
        LogValue.of(assignment.text()));
    return Optional.empty();
  }

  /**
   * Whether the pod turned out to be bound as asked. As long as that cannot be read the slices stay
   * reserved, and it is asked again.
   */
  private boolean readBack(PodFact pod, String node) {
    try {
      Optional<PodFact> read =
          api.read(pod.ref().namespace(), pod.ref().name())
              .filter(found -> found.ref().uid().equals(pod.ref().uid()));
      if (read.isPresent() && read.get().node().isPresent()) {
        return read.get().node().get().equals(node);
      }
      owner.change(ledger -> ledger.unbind(pod.ref().uid()));
      return false;
    } catch (IOException e) {
      readBack.schedule(() -> readBack(pod, node), READ_BACK_MILLIS, TimeUnit.MILLISECONDS);
      return false;
    }
  }

  @Override
  public void close() {
    readBack.shutdownNow();
  }
}
