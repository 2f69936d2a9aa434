package dev.lamella.simulator.kubelet;

import java.util.List;

/**
 * What a pod asks of the device manager.
 *
 * @param uid the pod's UID
 * @param running whether its containers run already, as after a restart of the kubelet
 * @param containers init containers and sidecars in the order of the pod's spec, then the others
 */
record PodNeed(String uid, boolean running, List<ContainerNeed> containers) {

  PodNeed {
    containers = List.copyOf(containers);
  }
}
