package dev.lamella.simulator.kubelet;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one container asks of the device manager.
 *
 * @param name the container's name
 * @param kind when it runs
 * @param limits devices wanted, by resource; resources that no plugin serves are passed over
 */
record ContainerNeed(String name, Kind kind, Map<String, Integer> limits) {

  enum Kind {
    /** Runs to its end before the main containers start. */
    INIT,
    /** An init container with restartPolicy Always: it stays. */
    SIDECAR,
    MAIN
  }

  ContainerNeed {
    limits = Collections.unmodifiableMap(new TreeMap<>(limits));
  }
}
