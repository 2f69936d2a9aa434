package dev.lamella.core.pod;

import dev.lamella.core.resource.ResourceName;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The devices that one container asks for.
 *
 * @param kind when it runs
 * @param devices how many of each resource, each at least 1
 */
public record ContainerNeed(Kind kind, Map<ResourceName, Integer> devices) {

  /** When a container runs, as far as the kubelet's counting of devices cares. */
  public enum Kind {
    /** Ends before the next container starts; its devices are given on. */
    INIT,
    /** An init container that keeps running ({@code restartPolicy: Always}). */
    SIDECAR,
    /** An ordinary container. */
    MAIN
  }

  public ContainerNeed {
    Objects.requireNonNull(kind, "kind");
    devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
    devices.forEach(
        (resource, count) -> {
          if (count < 1) {
            throw new IllegalArgumentException(resource + ": " + count + ", expected at least 1");
          }
        });
  }

  int of(ResourceName resource) {
    return devices.getOrDefault(resource, 0);
  }
}
