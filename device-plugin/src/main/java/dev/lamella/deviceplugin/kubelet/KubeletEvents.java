package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Choice;
import dev.lamella.deviceplugin.allocation.Verdict;

/** What happens between the daemon and the kubelet. Called on the kubelet's calls: be quick. */
public interface KubeletEvents {

  /** GetPreferredAllocation was answered. */
  void preferred(ResourceName resource, Choice choice);

  /** Allocate was answered. */
  void allocated(ResourceName resource, Verdict verdict);

  /**
   * A call was answered, or refused.
   *
   * @param call {@code allocate} or {@code preferred_allocation}
   * @param nanos how long it took, waiting for news included
   */
  void answered(String call, ResourceName resource, long nanos);

  /** A registration was tried. */
  void registered(ResourceName resource, boolean accepted);

  /** {@link KubeletSession#state} or {@link KubeletSession#advertised} has changed. */
  void stateChanged();
}
