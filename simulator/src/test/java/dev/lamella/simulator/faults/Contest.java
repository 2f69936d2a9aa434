package dev.lamella.simulator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Looks all the time whether a slice has two holders, or beta more than its limit of six. */
final class Contest implements AutoCloseable {

  private static final long EVERY_MILLIS = 20;

  private static final int LIMIT_SHARES = 24;

  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private final Thread thread;
  private volatile boolean closed;

  Contest(Bed bed) {
    thread =
        new Thread(
            () -> {
              while (!closed) {
                try {
                  JsonNode before = bed.gpuNodes();
                  List<Pods.Pod> pods = bed.pods();
                  List<String> wrong = Pods.contested(pods, before);
                  // The two are not read at one moment: a report may have come in between.
                  wrong.retainAll(Pods.contested(pods, bed.gpuNodes()));
                  seen.addAll(wrong);
                  if (Pods.shares(pods, "beta") > LIMIT_SHARES) {
                    seen.add("beta is over its limit: " + pods);
                  }
                  Thread.sleep(EVERY_MILLIS);
                } catch (InterruptedException e) {
                  return;
                } catch (Exception e) {
                  seen.add("cannot look: " + e);
                }
              }
            },
            "contest");
    thread.start();
  }

  /** Everything that was wrong so far. */
  List<String> found() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
