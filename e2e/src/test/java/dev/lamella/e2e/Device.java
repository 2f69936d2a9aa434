package dev.lamella.e2e;

import dev.lamella.core.resource.DeviceId;

/**
 * A device in a container's hands.
 *
 * @param id as the kubelet knows it
 */
record Device(String container, String resource, String id) {

  String slice() {
    return DeviceId.parse(id).slice();
  }
}
