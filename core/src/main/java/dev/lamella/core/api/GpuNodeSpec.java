package dev.lamella.core.api;

import java.util.List;

/**
 * What the operator asks of a node; the daemon never writes it.
 *
 * @param cordoned UUIDs of GPUs and slices that get no new pods
 */
public record GpuNodeSpec(List<String> cordoned) {

  public GpuNodeSpec {
    cordoned = cordoned == null ? List.of() : List.copyOf(cordoned);
  }
}
