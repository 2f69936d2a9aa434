package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.usage.PodUsage;
import dev.lamella.deviceplugin.usage.Sample;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which pods use more than their shares are worth: in the log, and as events of theirs. */
final class UsageNews implements Consumer<Sample> {

  private static final Logger LOG = LoggerFactory.getLogger(UsageNews.class);

  private final Usage usage;
  private final NodeView view;
  private final Cluster cluster;

  UsageNews(Usage usage, NodeView view, Cluster cluster) {
    this.usage = usage;
    this.view = view;
    this.cluster = cluster;
  }

  /** Slices were measured. */
  @Override
  public void accept(Sample sample) {
    for (PodUsage over : usage.measured(sample, view.catalogue())) {
      LOG.warn(
          "pod {} uses {} bytes of slice {}, its part is {}",
          over.pod(),
          over.usedBytes(),
          over.slice(),
          over.budgetBytes());
      cluster.sayOfPod(over.pod(), over.uid(), "ShareBudgetExceeded", over.sentence());
    }
  }
}
