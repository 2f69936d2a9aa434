package dev.lamella.deviceplugin;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Choice;
import dev.lamella.deviceplugin.allocation.Verdict;
import dev.lamella.deviceplugin.allocation.Verdict.Refused;
import dev.lamella.deviceplugin.kubelet.KubeletEvents;
import dev.lamella.deviceplugin.metrics.NodeMetrics;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the kubelet's calls into metrics, and on to a fresh reading. */
final class CallEvents implements KubeletEvents {

  private static final Logger LOG = LoggerFactory.getLogger(CallEvents.class);

  private final NodeMetrics metrics;
  private final Bell bell;
  private final boolean standalone;

  /**
   * @param standalone choosing without an assignment is then the rule and not counted
   */
  CallEvents(NodeMetrics metrics, Bell bell, boolean standalone) {
    this.metrics = metrics;
    this.bell = bell;
    this.standalone = standalone;
  }

  @Override
  public void preferred(ResourceName resource, Choice choice) {
    if (choice.basis() == Choice.Basis.FALLBACK && !standalone) {
      metrics.fellBack(resource.text());
      LOG.warn("no assignment matches a container's {}: {}", resource, choice.devices());
    }
  }

  @Override
  public void allocated(ResourceName resource, Verdict verdict) {
    String result =
        verdict instanceof Refused refused
            ? refused.reason().name().toLowerCase(Locale.ROOT)
            : "granted";
    metrics.allocated(resource.text(), result);
    bell.happened();
  }

  @Override
  public void answered(String call, ResourceName resource, long nanos) {
    metrics.answered(call, resource.text(), nanos);
  }

  @Override
  public void registered(ResourceName resource, boolean accepted) {
    metrics.registered(resource.text(), accepted);
  }

  @Override
  public void stateChanged() {
    bell.advertised();
  }
}
