package dev.lamella.simulator.kubelet;

import java.util.List;
import java.util.Map;

/**
 * What the device manager knows across a restart, as it is written to disk.
 *
 * @param podDevices devices given to containers
 * @param registeredDevices healthy devices of each resource that has been registered
 */
record Checkpoint(List<Entry> podDevices, Map<String, List<String>> registeredDevices) {

  /**
   * Devices of one resource given to one container.
   *
   * @param podUID the pod
   * @param container the container's name
   * @param resource the resource
   * @param deviceIDs the devices
   * @param allocResp the plugin's answer, a serialised ContainerAllocateResponse
   */
  record Entry(
      String podUID, String container, String resource, List<String> deviceIDs, byte[] allocResp) {}

  Checkpoint {
    podDevices = List.copyOf(podDevices);
    registeredDevices = Map.copyOf(registeredDevices);
  }

  static Checkpoint empty() {
    return new Checkpoint(List.of(), Map.of());
  }
}
