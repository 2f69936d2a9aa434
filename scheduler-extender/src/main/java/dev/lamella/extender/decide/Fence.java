package dev.lamella.extender.decide;

import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.extender.kube.PodBinder;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Touches every pod that waits for slices, so that no bind that somebody else decided earlier can
 * be written any more: it names a resourceVersion that is past. A leader that was paused in the
 * middle of a bind and wakes up late is refused by the API server, whatever its clock says.
 */
public final class Fence {

  private static final Logger LOG = LoggerFactory.getLogger(Fence.class);
  private static final int AT_ONCE = 8;
  private static final int TRIES = 5;
  private static final long LEDGER_MILLIS = 10_000;

  private final LedgerOwner owner;
  private final PodBinder api;
  private final Clock clock;

  public Fence(LedgerOwner owner, PodBinder api, Clock clock) {
    this.owner = owner;
    this.api = api;
    this.clock = clock;
  }

  /**
   * Touches the pods that the ledger knows as waiting; what they turn out to be is in the ledger
   * when this returns.
   *
   * @return how many there were
   * @throws IOException if one could not be touched: nothing may be bound then
   */
  public int raise() throws IOException, InterruptedException, TimeoutException {
    List<PodFact> waiting = owner.decide(Ledger::waiting, LEDGER_MILLIS);
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> all =
          waiting.stream()
              .<Future<?>>map(
                  pod ->
                      threads.submit(
                          () -> {
                            touch(pod);
                            return null;
                          }))
              .toList();
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
    owner.decide(ledger -> ledger, LEDGER_MILLIS);
    return waiting.size();
  }

  private void touch(PodFact pod) throws IOException {
    for (int i = 1; ; i++) {
      try {
        Optional<PodFact> now = api.touch(pod.ref(), clock.instant());
        now.ifPresent(seen -> owner.accept(new Event.PodSeen(seen)));
        return;
      } catch (IOException e) {
        LOG.warn("pod {} not touched: {}", pod.ref(), e.getMessage());
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }
}
