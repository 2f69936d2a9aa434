package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Objects;

/**
 * The kubelet's question which devices it should take for one container.
 *
 * @param available devices that no container holds, as the kubelet counts, and those of {@code
 *     mustInclude}
 * @param mustInclude devices that the container holds already, from an init container before it
 * @param size how many devices the container gets in all
 */
public record Ask(
    ResourceName resource, List<DeviceId> available, List<DeviceId> mustInclude, int size) {

  public Ask {
    Objects.requireNonNull(resource, "resource");
    available = List.copyOf(available);
    mustInclude = List.copyOf(mustInclude);
  }

  /** How many devices are left to choose. */
  int needed() {
    return Math.max(0, size - mustInclude.size());
  }
}
