package dev.lamella.deviceplugin;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.api.NodeObject;
import dev.lamella.deviceplugin.loop.Backoff;
import dev.lamella.deviceplugin.loop.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is advertised with the Node's allocatable, and has pools registered again that the
 * kubelet has lost.
 *
 * <p><b>Goals.</b> A kubelet that forgot a pool, or disconnected the wrong one, is told again.
 *
 * <p><b>Constraints.</b> The kubelet works its status out every ten seconds only, so what was just
 * advertised is no disagreement. Registering again takes the pool away for a moment: it must not
 * become a storm where something else is wrong.
 *
 * <p><b>Algorithm.</b> Read the Node when what is advertised has settled; on a disagreement read
 * again; if it stays the same, register and wait, twice as long each time. Other news than that
 * something else is advertised makes none of these waits shorter.
 */
final class NodeCheck implements AutoCloseable {

  /** Where the Node is read. */
  @FunctionalInterface
  interface Reader {
    NodeObject.Seen read() throws IOException;
  }

  /**
   * How often.
   *
   * @param settle after a change of what is advertised, and between two looks at a disagreement
   * @param least after the first registration
   * @param most after any
   * @param anyway while all agrees
   */
  record Pace(Duration settle, Duration least, Duration most, Duration anyway) {

    /** The kubelet takes up to 10 s, the API server and its watch cache a moment. */
    static final Pace OF_KUBELET =
        new Pace(
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5));
  }

  private static final Logger LOG = LoggerFactory.getLogger(NodeCheck.class);

  private final Reader reader;
  private final Supplier<Map<ResourceName, Integer>> advertised;
  private final Consumer<Collection<ResourceName>> registerAgain;
  private final Consumer<NodeObject.Seen> onRead;
  private final Pace pace;
  private final Backoff backoff;
  private final Loop loop;
  private Map<ResourceName, Integer> before = Map.of();
  private Map<ResourceName, Integer> disagreed = Map.of();

  /** When to look, and before when not to register, in the time of {@link System#nanoTime}. */
  private long due = System.nanoTime();

  private long again = due;
  private volatile String problem = "";

  private NodeCheck(
      Reader reader,
      Supplier<Map<ResourceName, Integer>> advertised,
      Consumer<Collection<ResourceName>> registerAgain,
      Consumer<NodeObject.Seen> onRead,
      Pace pace) {
    this.reader = reader;
    this.advertised = advertised;
    this.registerAgain = registerAgain;
    this.onRead = onRead;
    this.pace = pace;
    this.backoff = new Backoff(pace.least(), pace.most());
    this.loop = Loop.start("node-check", this::step);
  }

  /**
   * Starts, in the background.
   *
   * @param advertised healthy devices of each pool that the kubelet watches now
   * @param registerAgain told which pools the Node does not show so
   * @param onRead told what was read, each time
   */
  static NodeCheck start(
      Reader reader,
      Supplier<Map<ResourceName, Integer>> advertised,
      Consumer<Collection<ResourceName>> registerAgain,
      Consumer<NodeObject.Seen> onRead,
      Pace pace) {
    return new NodeCheck(reader, advertised, registerAgain, onRead, pace);
  }

  /** What is advertised may have changed. */
  void changed() {
    loop.ask();
  }

  /** How the Node differs from what is advertised; empty if it does not. */
  String problem() {
    return problem;
  }

  private Duration step() {
    Map<ResourceName, Integer> now = advertised.get();
    if (!now.equals(before)) {
      before = now;
      disagreed = Map.of();
      return until(pace.settle());
    }
    long left = due - System.nanoTime();
    if (left > 0) {
      // Asked because of something else: that is no reason to look earlier.
      return Duration.ofNanos(left);
    }
    try {
      return until(compared(now, reader.read()));
    } catch (IOException e) {
      LOG.warn("the Node cannot be read, it is tried on: {}", e.toString());
      return until(pace.least());
    }
  }

  private Duration until(Duration pause) {
    due = System.nanoTime() + pause.toNanos();
    return pause;
  }

  private Duration compared(Map<ResourceName, Integer> now, NodeObject.Seen seen) {
    onRead.accept(seen);
    Map<ResourceName, Integer> wrong = new TreeMap<>();
    now.forEach(
        (resource, count) -> {
          int shown = seen.allocatable().getOrDefault(resource.text(), 0);
          if (shown != count) {
            wrong.put(resource, shown);
          }
        });
    if (wrong.isEmpty()) {
      disagreed = wrong;
      problem = "";
      backoff.worked();
      return pace.anyway();
    }
    if (!wrong.equals(disagreed)) {
      disagreed = wrong;
      return pace.settle();
    }
    problem = text(wrong, now);
    long left = again - System.nanoTime();
    if (left > 0) {
      return Duration.ofNanos(left);
    }
    LOG.warn("{}; registering again", problem);
    registerAgain.accept(wrong.keySet());
    Duration pause = backoff.failed();
    again = System.nanoTime() + pause.toNanos();
    return pause;
  }

  private static String text(
      Map<ResourceName, Integer> wrong, Map<ResourceName, Integer> advertised) {
    StringBuilder text = new StringBuilder();
    wrong.forEach(
        (resource, shown) ->
            text.append(text.length() == 0 ? "the Node shows " : ", ")
                .append(
                    "%d of %s, advertised are %d"
                        .formatted(shown, resource, advertised.get(resource))));
    return text.toString();
  }

  @Override
  public void close() {
    loop.close();
  }
}
