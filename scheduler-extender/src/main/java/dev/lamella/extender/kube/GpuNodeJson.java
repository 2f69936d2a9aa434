package dev.lamella.extender.kube;

import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.ledger.GpuNodeFact;
import java.util.List;

/** A GpuNode. */
public record GpuNodeJson(Meta metadata, GpuNodeSpec spec, GpuNodeStatus status) {

  GpuNodeFact fact() {
    return new GpuNodeFact(
        metadata.name(),
        metadata.version(),
        spec == null ? new GpuNodeSpec(List.of()) : spec,
        status == null ? new GpuNodeStatus(false, null, null, List.of(), List.of()) : status);
  }
}
