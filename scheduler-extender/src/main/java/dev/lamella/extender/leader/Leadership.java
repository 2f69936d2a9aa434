package dev.lamella.extender.leader;

import dev.lamella.extender.kube.PodWriter;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lease while this replica is fit to decide, and takes over when it has got it: the whole
 * cluster is listed anew and waiting pods are fenced before the first answer. A lease that was lost
 * and got back counts as a new one.
 */
public final class Leadership implements Mandate, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  /** What has to be done before the first decision. */
  public interface Takeover {
    void run() throws IOException, InterruptedException, TimeoutException;
  }

  private final Election election;
  private final Replica self;
  private final PodWriter pods;
  private final BooleanSupplier fit;
  private final Takeover takeover;
  private final ScheduledExecutorService steps =
      Executors.newSingleThreadScheduledExecutor(Leadership::thread);
  private final ExecutorService chores = Executors.newSingleThreadExecutor(Leadership::thread);

  private volatile Phase phase = Phase.STANDBY;
  private volatile int term = -1;

  /** What the pod's label is known to say; null if that is not known. */
  private volatile Boolean labelled;

  private volatile String before = "";

  private enum Phase {
    STANDBY,
    TAKING_OVER,
    LEADING
  }

  private Leadership(
      Election election, Replica self, PodWriter pods, BooleanSupplier fit, Takeover takeover) {
    this.election = election;
    this.self = self;
    this.pods = pods;
    this.fit = fit;
    this.takeover = takeover;
  }

  /**
   * Begins to compete for the lease.
   *
   * @param fit whether this replica knows the cluster well enough to lead
   */
  static Leadership start(
      Election election, Replica self, PodWriter pods, BooleanSupplier fit, Takeover takeover) {
    Leadership leadership = new Leadership(election, self, pods, fit, takeover);
    long every = election.everyMillis();
    leadership.steps.scheduleWithFixedDelay(leadership::step, 0, every, TimeUnit.MILLISECONDS);
    return leadership;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "leadership");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public long remainingMillis() {
    return phase == Phase.LEADING ? election.remainingMillis() : 0;
  }

  @Override
  public Optional<String> whyNot() {
    Phase now = phase;
    if (now == Phase.LEADING && election.remainingMillis() > 0) {
      return Optional.empty();
    }
    if (now == Phase.TAKING_OVER) {
      return Optional.of("this replica is taking over");
    }
    String holder = election.holder();
    return Optional.of(
        "this replica does not lead" + (holder.isEmpty() ? "" : ", " + holder + " does"));
  }

  private void step() {
    try {
      String holder = election.holder();
      if (fit.getAsBoolean()) {
        election.step();
      } else if (election.remainingMillis() > 0) {
        LOG.warn("leadership given up: what this replica knows of the cluster is too old");
        election.release();
      }
      if (!holder.equals(self.identity())) {
        before = holder;
      }
    } catch (IOException e) {
      LOG.warn("lease: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the election failed", e);
    }
    follow();
  }

  /** Brings the phase, and the label, to where the lease is. */
  private void follow() {
    boolean own = election.remainingMillis() > 0;
    if (own && (phase == Phase.STANDBY || term != election.term())) {
      term = election.term();
      phase = Phase.TAKING_OVER;
      chores.execute(() -> takeOver(term));
    } else if (!own && phase != Phase.STANDBY) {
      LOG.warn("leadership lost");
      phase = Phase.STANDBY;
    }
    boolean leads = phase == Phase.LEADING;
    if (phase != Phase.TAKING_OVER && !Boolean.valueOf(leads).equals(labelled)) {
      chores.execute(() -> labelSelf(leads));
    }
  }

  private void takeOver(int ofTerm) {
    long begun = System.nanoTime();
    try {
      takeover.run();
      boolean still = phase == Phase.TAKING_OVER && term == ofTerm;
      if (still && election.remainingMillis() > 0) {
        phase = Phase.LEADING;
        LOG.info("leading after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        labelSelf(true);
        Replica.of(before, self).ifPresent(other -> label(other, false));
        return;
      }
    } catch (IOException | TimeoutException | RuntimeException e) {
      LOG.warn("takeover failed, tried again: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (term == ofTerm) {
      phase = Phase.STANDBY;
    }
  }

  private void labelSelf(boolean leads) {
    labelled = label(self, leads) ? leads : null;
  }

  private boolean label(Replica replica, boolean leads) {
    try {
      if (!replica.pod().isEmpty()) {
        pods.label(replica.namespace(), replica.pod(), leads);
      }
      return true;
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
      return false;
    }
  }

  /** Gives the lease up; what was begun under it must have ended. */
  @Override
  public void close() {
    phase = Phase.STANDBY;
    steps.shutdown();
    chores.shutdownNow();
    try {
      steps.awaitTermination(election.everyMillis(), TimeUnit.MILLISECONDS);
      election.release();
    } catch (IOException e) {
      LOG.warn("lease not released: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    labelSelf(false);
  }
}
