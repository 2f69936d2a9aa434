package dev.lamella.extender.kube;

import dev.lamella.core.ledger.NodeFact;
import dev.lamella.core.resource.ResourceName;
import java.util.Map;
import java.util.TreeMap;

/** The part of a node that is read. */
public record NodeJson(Meta metadata, Status status) {

  /** Part of {@code status}. */
  public record Status(Map<String, String> allocatable) {}

  NodeFact fact() {
    Map<ResourceName, Integer> devices = new TreeMap<>();
    if (status != null && status.allocatable() != null) {
      status
          .allocatable()
          .forEach(
              (name, text) ->
                  ResourceName.parse(name)
                      .ifPresent(r -> devices.put(r, DeviceCount.parse(name, text))));
    }
    return new NodeFact(metadata.name(), metadata.version(), devices);
  }
}
