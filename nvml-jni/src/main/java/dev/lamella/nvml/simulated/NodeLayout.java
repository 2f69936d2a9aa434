package dev.lamella.nvml.simulated;

import java.util.List;
import java.util.Objects;

/**
 * A node of a layout.
 *
 * @param name the Kubernetes node's name
 * @param gpus by index; may be empty
 */
public record NodeLayout(String name, List<GpuLayout> gpus) {

  public NodeLayout {
    Objects.requireNonNull(name, "name");
    gpus = List.copyOf(gpus);
  }
}
