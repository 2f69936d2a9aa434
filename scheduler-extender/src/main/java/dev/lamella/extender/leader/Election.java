package dev.lamella.extender.leader;

import dev.lamella.extender.kube.LeaseApi;
import dev.lamella.extender.kube.LeaseApi.Lease;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Who has the Lease. A step at a time, on whatever thread calls.
 *
 * <h2>Constraints</h2>
 *
 * Clocks of replicas are never compared: another's lease has ended when it has not changed for its
 * whole duration, by the clock of whoever waits. One's own ends earlier, counted from before the
 * renewal was sent, by a clock that only goes forward and by the time of day, whichever is sooner:
 * the one stands still while a machine is suspended, the other may be set back.
 */
final class Election {

  /** Of the lease's duration, what its holder may use. The rest is what the others wait longer. */
  private static final double OWN_PART = 2.0 / 3;

  private final LeaseApi api;
  private final String identity;
  private final int seconds;
  private final Clock clock;
  private final LongSupplier nanos;

  private Lease seen = Lease.NONE;
  private long seenAt;
  private volatile Held held = Held.NOTHING;
  private volatile int term;

  /** Until when the lease is one's own, by both clocks. */
  private record Held(boolean any, long untilNanos, long untilMillis) {
    static final Held NOTHING = new Held(false, 0, 0);
  }

  /**
   * @param identity of this replica, different after each start
   * @param seconds the lease's duration
   * @param nanos a clock that only goes forward
   */
  Election(LeaseApi api, String identity, int seconds, Clock clock, LongSupplier nanos) {
    this.api = api;
    this.identity = identity;
    this.seconds = seconds;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** How often to step, in milliseconds. */
  long everyMillis() {
    return seconds * 1_000L / 8;
  }

  /** For how many milliseconds the lease is certainly one's own; 0 or less if it is not. */
  long remainingMillis() {
    Held now = held;
    if (!now.any()) {
      return 0;
    }
    long forward = TimeUnit.NANOSECONDS.toMillis(now.untilNanos() - nanos.getAsLong());
    return Math.min(forward, now.untilMillis() - clock.millis());
  }

  /** A number that is another one each time the lease has been had by somebody else meanwhile. */
  int term() {
    return term;
  }

  /** Who had the lease when it was read last; empty for nobody. */
  String holder() {
    return seen.holder();
  }

  /**
   * Renews the lease, or takes it if nobody has it any more.
   *
   * @throws IOException if the API server does not answer
   */
  void step() throws IOException {
    Lease read = look();
    boolean own = read.holder().equals(identity);
    if (!own) {
      held = Held.NOTHING;
    }
    if (own || read.holder().isEmpty() || ended(read)) {
      int transitions = own ? read.transitions() : read.transitions() + 1;
      write(read, new Lease(identity, seconds, transitions, ""));
    }
  }

  private Lease look() throws IOException {
    Lease read = api.read(patience());
    if (!read.equals(seen)) {
      seen = read;
      seenAt = nanos.getAsLong();
    }
    return read;
  }

  private boolean ended(Lease read) {
    return nanos.getAsLong() - seenAt > TimeUnit.SECONDS.toNanos(read.seconds());
  }

  private void write(Lease read, Lease wanted) throws IOException {
    long ownMillis = (long) (seconds * 1_000L * OWN_PART);
    Held next =
        new Held(
            true,
            nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(ownMillis),
            clock.millis() + ownMillis);
    Optional<Lease> written = api.write(read, wanted, clock.instant(), patience());
    if (written.isPresent()) {
      seen = written.get();
      seenAt = nanos.getAsLong();
      term = wanted.transitions();
      held = next;
    } else {
      held = Held.NOTHING;
    }
  }

  private long patience() {
    return seconds * 1_000L / 3;
  }

  /** Gives the lease up, so that another need not wait; nothing happens if it is another's. */
  void release() throws IOException {
    held = Held.NOTHING;
    Lease read = api.read(patience());
    if (read.holder().equals(identity)) {
      Lease nobody = new Lease("", 1, read.transitions(), "");
      api.write(read, nobody, clock.instant(), patience());
    }
  }
}
