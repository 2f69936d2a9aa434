package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.util.Objects;
import java.util.Optional;

/**
 * A device that a container holds.
 *
 * @param uid the pod that holds it; for one that is not confirmed, the pod whose assignment it
 *     matched; empty if no pod is known for it
 * @param pod the pod's name; empty if neither pod-resources nor an assignment names it
 * @param confirmed whether the kubelet's pod-resources showed it; if not, it was handed out since
 * @param container the container's name; empty until pod-resources tell it
 * @param since when it was handed out or first seen, in nanoseconds of the book's clock
 */
public record Hold(
    ResourceName resource,
    DeviceId device,
    Optional<String> uid,
    Optional<PodName> pod,
    boolean confirmed,
    String container,
    long since) {

  public Hold {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(uid, "uid");
    Objects.requireNonNull(pod, "pod");
    Objects.requireNonNull(container, "container");
  }

  /** The slice of the device. */
  public String slice() {
    return device.slice();
  }

  boolean of(KnownPod other) {
    return uid.filter(other.uid()::equals).isPresent();
  }
}
