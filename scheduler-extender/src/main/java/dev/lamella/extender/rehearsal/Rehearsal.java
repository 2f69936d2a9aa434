package dev.lamella.extender.rehearsal;

import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.config.Limits;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.http.Endpoint;
import dev.lamella.extender.http.ExtenderServer;
import dev.lamella.extender.http.VerbEndpoints;
import dev.lamella.extender.metrics.ExtenderMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks what kube-scheduler asks, before it does: in a cold JVM the first answers take tenths of a
 * second, and for the next thousand the compiler takes the cores from those who answer.
 *
 * <p>It goes the whole way, from the socket to the log line, but nothing of the program is touched:
 * ledger, metrics and server are of its own, the server listens on loopback, and at the end all of
 * it goes. It runs beside the lists of the start and ends soon after them, done or not.
 */
public final class Rehearsal {

  /** How long the program, were it ready but for this, is kept from it. */
  static final Duration LONGEST = Duration.ofSeconds(1);

  /** As a whole, and for one answer. */
  static final Duration LONGEST_BESIDE_LISTS = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private final ExtenderConfig config;
  private final BooleanSupplier listed;
  private final List<Script.Question> questions;
  private final int rounds;
  private final Thread thread = new Thread(this::run, "rehearsal");
  private volatile int answered;
  private volatile boolean over;

  private Rehearsal(
      ExtenderConfig config, BooleanSupplier listed, List<Script.Question> questions, int rounds) {
    this.config = config;
    this.listed = listed;
    this.questions = questions;
    this.rounds = rounds;
    thread.setDaemon(true);
  }

  /**
   * Starts one.
   *
   * @param config of the program
   * @param listed whether the program were ready but for this
   */
  public static Rehearsal start(ExtenderConfig config, BooleanSupplier listed) {
    return start(config, listed, Script.questions(), Script.ROUNDS);
  }

  static Rehearsal start(
      ExtenderConfig config, BooleanSupplier listed, List<Script.Question> questions, int rounds) {
    Rehearsal rehearsal = new Rehearsal(config, listed, questions, rounds);
    rehearsal.thread.start();
    return rehearsal;
  }

  /** Whether it has ended, for whatever reason. */
  public boolean over() {
    return over;
  }

  /** Questions that were answered as they should be. */
  int answered() {
    return answered;
  }

  private void run() {
    long begun = System.nanoTime();
    try {
      perform();
      LOG.info(
          "rehearsed answers={} millis={}",
          answered,
          Duration.ofNanos(System.nanoTime() - begun).toMillis());
    } catch (IOException | RuntimeException e) {
      LOG.warn("the rehearsal failed, the first answers will be slow: {}", e.toString());
    } finally {
      over = true;
    }
  }

  private void perform() throws IOException {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ExtenderConfig plain = plain(config.placementPolicy(), config.limits());
    try (LedgerOwner owner = new LedgerOwner();
        Unheard log = new Unheard()) {
      Stage.set(owner);
      Verbs verbs = new Verbs(owner, plain.policy(), Clock.systemUTC(), log.logger());
      List<Endpoint> endpoints = endpoints(verbs, owner, plain.limits());
      try (ExtenderServer server = ExtenderServer.start(loopback, plain, endpoints);
          Prompter prompter = new Prompter(server.uri())) {
        play(prompter);
      }
    }
  }

  private void play(Prompter prompter) throws IOException {
    long end = System.nanoTime() + LONGEST_BESIDE_LISTS.toNanos();
    boolean waitedFor = false;
    for (int round = 0; round < rounds && System.nanoTime() < end; round++) {
      if (!waitedFor && listed.getAsBoolean()) {
        waitedFor = true;
        end = System.nanoTime() + LONGEST.toNanos();
      }
      for (Script.Question question : questions) {
        prompter.ask(question);
        answered++;
      }
    }
  }

  /** By plain HTTP, open to all: nothing can be learnt here, or changed. */
  private static ExtenderConfig plain(String policy, Limits limits) {
    return new ExtenderConfig(policy, limits, null, null, null, null, null, null, null);
  }

  private static List<Endpoint> endpoints(Verbs verbs, LedgerOwner owner, Limits limits) {
    ExtenderMetrics metrics =
        new ExtenderMetrics(
            new ExtenderMetrics.Sources(
                owner::snapshot, List::of, () -> true, () -> true, Map::of, Clock.systemUTC()));
    return new VerbEndpoints(
            verbs,
            (uid, namespace, name, node) -> Optional.of("nothing is bound in a rehearsal"),
            () -> true,
            limits,
            metrics)
        .all();
  }
}
