package dev.lamella.simulator.demo;

import dev.lamella.core.resource.DeviceId;
import java.util.List;
import java.util.Map;

/**
 * What one kubelet handed out.
 *
 * @param byPod by {@code namespace/name}; pods without devices are left out
 */
record KubeletDevices(Map<String, List<Given>> byPod) {

  /** Devices of one resource in one container. */
  record Given(String container, String resource, List<DeviceId> devices) {}

  List<Given> of(String namespace, String pod) {
    return byPod.getOrDefault(namespace + "/" + pod, List.of());
  }
}
