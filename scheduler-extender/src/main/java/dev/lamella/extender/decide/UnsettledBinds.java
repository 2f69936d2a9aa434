package dev.lamella.extender.decide;

import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.extender.kube.PodBinder;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods whose bind is being written, or was, and it is not known what became of it. Their slices
 * stay held, and they are not bound again, until it is known.
 */
final class UnsettledBinds implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UnsettledBinds.class);
  private static final long AGAIN_MILLIS = 500;

  private final LedgerOwner owner;
  private final PodBinder api;
  private final Clock clock;
  private final Set<String> uids = ConcurrentHashMap.newKeySet();

  private final ScheduledExecutorService settling =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "bind-settling");
            thread.setDaemon(true);
            return thread;
          });

  UnsettledBinds(LedgerOwner owner, PodBinder api, Clock clock) {
    this.owner = owner;
    this.api = api;
    this.clock = clock;
  }

  /** Begins a bind; false if the pod's last one is not settled. */
  boolean open(String uid) {
    return uids.add(uid);
  }

  /** The pod's bind is settled. */
  void close(String uid) {
    uids.remove(uid);
  }

  /**
   * Finds out what became of a write: touches the pod, after which the write shows in the pod or,
   * by the resourceVersion that it names, can never happen. If the API server does not answer, it
   * is asked again until it does.
   *
   * @return the pod, if it turned out to be bound
   */
  Optional<PodFact> settle(PodFact pod) {
    String uid = pod.ref().uid();
    try {
      Optional<PodFact> now = api.touch(pod.ref(), clock.instant());
      now.ifPresent(seen -> owner.accept(new Event.PodSeen(seen)));
      Optional<PodFact> bound = now.filter(seen -> seen.node().isPresent());
      if (bound.isEmpty()) {
        owner.change(ledger -> ledger.unbind(uid));
      }
      close(uid);
      LOG.info("bind pod={} settled: {}", pod.ref(), bound.isPresent() ? "bound" : "not bound");
      return bound;
    } catch (IOException e) {
      LOG.warn("bind pod={} not settled, its slices stay held: {}", pod.ref(), e.getMessage());
      if (!settling.isShutdown()) {
        settling.schedule(() -> settle(pod), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      }
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    settling.shutdownNow();
  }
}
