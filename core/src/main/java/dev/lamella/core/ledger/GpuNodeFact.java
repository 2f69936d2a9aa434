package dev.lamella.core.ledger;

import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import java.util.Objects;

/**
 * A node's GPUs as its daemon reports them.
 *
 * @param name the node's name
 * @param version the GpuNode's resourceVersion
 */
public record GpuNodeFact(String name, long version, GpuNodeSpec spec, GpuNodeStatus status) {

  public GpuNodeFact {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(status, "status");
  }
}
