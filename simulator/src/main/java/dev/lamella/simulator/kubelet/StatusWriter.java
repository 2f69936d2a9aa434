package dev.lamella.simulator.kubelet;

import dev.lamella.simulator.kube.KubeClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes pod statuses and removals in the order in which they came, in a thread of its own, so that
 * no admission waits for the API server. A write that fails is tried again until it succeeds or the
 * writer is closed.
 */
final class StatusWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private final KubeClient kube;
  private final BlockingQueue<Write> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closing;

  private interface Write {
    void run() throws ApiException;
  }

  StatusWriter(KubeClient kube, String node) {
    this.kube = kube;
    thread = new Thread(this::run, "kubelet-" + node + "-status");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void update(V1Pod pod, Consumer<V1Pod> change) {
    queue.add(() -> kube.updatePodStatus(pod, change));
  }

  void remove(V1Pod pod) {
    queue.add(() -> kube.removePod(pod));
  }

  private void run() {
    try {
      while (true) {
        untilWritten(queue.take());
      }
    } catch (InterruptedException e) {
      LOG.debug("status writer ended");
    }
  }

  private void untilWritten(Write write) throws InterruptedException {
    while (true) {
      try {
        write.run();
        return;
      } catch (ApiException e) {
        if (closing) {
          return;
        }
        LOG.warn("pod status not written, will try again: {}", e.getMessage());
        Thread.sleep(RETRY.toMillis());
      }
    }
  }

  /** Lets what was queued be written, for a short time. */
  @Override
  public void close() {
    closing = true;
    queue.add(thread::interrupt);
    try {
      thread.join(DRAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
