package dev.lamella.core.ledger;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a GPU is and where.
 *
 * @param model as its daemon reports it
 * @param numaNode where the node says
 */
public record GpuKind(String model, OptionalInt numaNode) {

  public GpuKind {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(numaNode, "numaNode");
  }
}
