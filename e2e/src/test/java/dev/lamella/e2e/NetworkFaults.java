package dev.lamella.e2e;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Spoils the network between our programs and the API server in a seeded order; one thing at a
 * time, and never while the books are compared.
 */
final class NetworkFaults implements Runnable {

  private static final Duration SLOW = Duration.ofMillis(80);
  private static final long SLOW_MILLIS = 1_500;
  private static final long AWAY_MILLIS = 2_000;

  /** A server has written by then; the connection is cut a little later. */
  private static final long ANSWERED_MILLIS = 200;

  /** How long a lost answer is waited for, until there is something to be answered. */
  private static final long LOSING_MILLIS = 2_000;

  private final Scenario scenario;
  private final Proxy extender;
  private final Proxy daemons;
  private final ReentrantLock stillness;
  private final Random random;
  private volatile Throwable failure;
  private volatile boolean ended;

  NetworkFaults(Scenario scenario, Proxy extender, Proxy daemons, ReentrantLock stillness) {
    this.scenario = scenario;
    this.extender = extender;
    this.daemons = daemons;
    this.stillness = stillness;
    this.random = new Random(scenario.seed() + 1);
  }

  @Override
  public void run() {
    try {
      for (String kind : scenario.killOrder()) {
        Thread.sleep((long) (scenario.pauseSeconds().draw(random) * 1000));
        stillness.lock();
        try {
          spoil(kind);
        } finally {
          stillness.unlock();
        }
      }
    } catch (Exception e) {
      failure = e;
    } finally {
      ended = true;
    }
  }

  private void spoil(String kind) throws InterruptedException {
    switch (kind) {
      case "slow" -> slow();
      case "cut-extender" -> extender.cut();
      case "cut-daemons" -> daemons.cut();
      case "lost-extender" -> lose(extender);
      case "lost-daemons" -> lose(daemons);
      case "lost-and-away-extender" -> loseAndGo(extender);
      case "away-extender" -> away(extender);
      case "away-daemons" -> away(daemons);
      default -> throw new IllegalArgumentException("faults: " + kind);
    }
  }

  private void slow() throws InterruptedException {
    extender.delay(SLOW);
    daemons.delay(SLOW);
    Thread.sleep(SLOW_MILLIS);
    extender.delay(Duration.ZERO);
    daemons.delay(Duration.ZERO);
  }

  private static void away(Proxy proxy) throws InterruptedException {
    proxy.away(true);
    Thread.sleep(AWAY_MILLIS);
    proxy.away(false);
  }

  /** No second try comes through either: for a while nobody knows what became of the write. */
  private static void loseAndGo(Proxy proxy) throws InterruptedException {
    lose(proxy);
    Thread.sleep(ANSWERED_MILLIS);
    away(proxy);
  }

  private static void lose(Proxy proxy) throws InterruptedException {
    int before = proxy.lost();
    proxy.loseAnswers(1);
    long end = System.nanoTime() + Duration.ofMillis(LOSING_MILLIS).toNanos();
    while (proxy.lost() == before && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    proxy.loseAnswers(0);
  }

  boolean ended() {
    return ended;
  }

  /** Connections cut and answers lost; fails with what came in between. */
  String result() {
    if (failure != null) {
      throw new AssertionError(failure.getMessage(), failure);
    }
    return "connections cut %d and %d (extender, daemons), answers to writes lost %d and %d"
        .formatted(extender.cuts(), daemons.cuts(), extender.lost(), daemons.lost());
  }
}
