package dev.lamella.simulator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Looks all the time whether a slice has two holders, or beta more than its limit of six. What
 * nodes report has to be right at every moment. What is written in pods stands for a report that is
 * still due; pods of one shape may get each other's slices, so that the two together may count one
 * twice until the last of them is reported. Of that only what lasts is wrong. (A pod that was given
 * what another has is failed by its kubelet, which tests look for besides.)
 */
final class Contest implements AutoCloseable {

  private static final long EVERY_MILLIS = 20;
  private static final long LASTS_MILLIS = 5_000;
  private static final int LIMIT_SHARES = 24;

  private final Bed bed;
  private final Set<String> found = new ConcurrentSkipListSet<>();
  private final Map<String, Long> since = new TreeMap<>();
  private final Thread thread = new Thread(this::run, "contest");
  private volatile boolean closed;

  Contest(Bed bed) {
    this.bed = bed;
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        look();
        Thread.sleep(EVERY_MILLIS);
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        found.add("cannot look: " + e);
      }
    }
  }

  private void look() throws Exception {
    JsonNode nodes = bed.gpuNodes();
    List<Pods.Pod> pods = bed.pods();
    found.addAll(Pods.contested(Pods.reported(nodes)));
    List<String> doubtful = Pods.contested(Pods.held(pods, nodes));
    long now = System.nanoTime() / 1_000_000;
    since.keySet().retainAll(doubtful);
    for (String each : doubtful) {
      if (now - since.computeIfAbsent(each, slice -> now) > LASTS_MILLIS) {
        found.add("for long, " + each);
      }
    }
    if (Pods.shares(pods, "beta") > LIMIT_SHARES) {
      found.add("beta is over its limit: " + pods);
    }
  }

  /** Everything that was wrong so far. */
  List<String> found() {
    return List.copyOf(found);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
