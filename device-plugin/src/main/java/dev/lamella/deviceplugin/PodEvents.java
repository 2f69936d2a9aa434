package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.KnownPod;
import dev.lamella.deviceplugin.api.PodListener;
import dev.lamella.deviceplugin.metrics.NodeMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the pod watch into the book. */
final class PodEvents implements PodListener {

  private static final Logger LOG = LoggerFactory.getLogger(PodEvents.class);

  private final AllocationBook book;
  private final NodeMetrics metrics;
  private final Bell bell;
  private final CountDownLatch listed = new CountDownLatch(1);
  private volatile boolean connected;

  PodEvents(AllocationBook book, NodeMetrics metrics, Bell bell) {
    this.book = book;
    this.metrics = metrics;
    this.bell = bell;
  }

  /** Waits for the first list; false if it did not come within the limit. */
  boolean awaitListed(Duration limit) throws InterruptedException {
    return listed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void listed(List<KnownPod> pods) {
    connected = true;
    book.listed(pods);
    listed.countDown();
    bell.happened();
  }

  @Override
  public void seen(KnownPod pod) {
    connected = true;
    book.seen(pod);
    bell.happened();
  }

  @Override
  public void gone(String uid) {
    connected = true;
    book.gone(uid);
    bell.happened();
  }

  @Override
  public void brokenAssignment(KnownPod pod, String why) {
    metrics.ignoredAssignment();
    LOG.warn("the assignment of {} ({}) is ignored: {}", pod.name(), pod.uid(), why);
  }

  @Override
  public void reconnecting(String why) {
    metrics.reconnected();
    if (connected || listed.getCount() > 0) {
      LOG.warn("the watch on this node's pods broke off, it is tried on: {}", why);
    }
    connected = false;
  }
}
