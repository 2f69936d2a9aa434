package dev.lamella.extender.decide;

import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.Snapshot;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that changes the ledger. Everybody else reads the snapshot it leaves. */
public final class LedgerOwner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerOwner.class);

  private final Ledger ledger = new Ledger();
  private final BlockingQueue<Consumer<Ledger>> work = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "ledger");
  private volatile Snapshot snapshot = Snapshot.EMPTY;
  private volatile boolean closed;

  public LedgerOwner() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes an event in, soon. */
  public void accept(Event event) {
    work.add(ledger -> ledger.apply(event));
  }

  /** The ledger as of the last change that was taken in. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /**
   * Decides and changes in one step, after everything handed in before.
   *
   * @throws TimeoutException if the ledger is busy for longer than the time given; the step may
   *     still be taken
   */
  <R> R decide(Function<Ledger, R> step, long timeoutMillis) throws TimeoutException {
    CompletableFuture<R> result = new CompletableFuture<>();
    work.add(
        ledger -> {
          try {
            result.complete(step.apply(ledger));
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Changes the ledger, soon. */
  void change(Consumer<Ledger> step) {
    work.add(step);
  }

  private void run() {
    while (!closed) {
      try {
        Consumer<Ledger> step = work.take();
        while (step != null) {
          take(step);
          step = work.poll();
        }
        snapshot = ledger.snapshot();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void take(Consumer<Ledger> step) {
    try {
      step.accept(ledger);
    } catch (RuntimeException e) {
      LOG.error("a change of the ledger failed", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
