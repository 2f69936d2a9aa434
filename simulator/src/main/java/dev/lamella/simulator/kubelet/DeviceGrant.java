package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Devices of one resource that a container was given.
 *
 * @param pod the pod's UID
 * @param container the container's name
 * @param resource the resource
 * @param ids the devices
 * @param settings what the plugin answered
 */
record DeviceGrant(
    String pod,
    String container,
    String resource,
    SortedSet<String> ids,
    ContainerAllocateResponse settings) {

  DeviceGrant {
    ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
  }
}
