package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.kubelet.Readings;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is held and assigned already: waited for before the kubelet gets its first answer. */
final class KnownBefore implements Advertiser.Rebuilding {

  private static final Logger LOG = LoggerFactory.getLogger(KnownBefore.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final boolean standalone;
  private final PodEvents pods;
  private final Readings readings;

  /**
   * @param standalone no pods will ever be known
   */
  KnownBefore(boolean standalone, PodEvents pods, Readings readings) {
    this.standalone = standalone;
    this.pods = pods;
    this.readings = readings;
  }

  @Override
  public void await() throws InterruptedException {
    if (!standalone && !pods.awaitListed(LIMIT)) {
      LOG.warn("this node's pods are not known yet; the kubelet is served without");
    }
    if (!readings.awaitFirst(LIMIT)) {
      LOG.warn("what containers hold is not known yet; the kubelet is served without");
    }
  }
}
