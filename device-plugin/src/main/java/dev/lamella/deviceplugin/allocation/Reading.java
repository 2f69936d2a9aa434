package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.util.List;

/**
 * What the kubelet's pod-resources showed.
 *
 * @param devices every device that a container of an active pod holds
 * @param started when the question was sent, in nanoseconds of the book's clock
 * @param observedPodResourceVersion how far the pod watch had come then; empty without a watch
 */
public record Reading(List<Held> devices, long started, String observedPodResourceVersion) {

  /**
   * A device in a container's hands.
   *
   * @param container its name; empty if nobody says
   */
  public record Held(ResourceName resource, DeviceId device, PodName pod, String container) {

    public Held(ResourceName resource, DeviceId device, PodName pod) {
      this(resource, device, pod, "");
    }
  }

  public Reading {
    devices = List.copyOf(devices);
  }
}
