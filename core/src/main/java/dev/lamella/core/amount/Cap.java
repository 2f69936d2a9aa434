package dev.lamella.core.amount;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A bound on compute, on memory, on both or on neither. A dimension that is left out does not
 * count.
 *
 * @param computeParts in parts of a compute slice, as in {@link Amount}
 * @param memoryParts in parts of a MiB
 */
public record Cap(OptionalLong computeParts, OptionalLong memoryParts) {

  public static final Cap UNLIMITED = new Cap(OptionalLong.empty(), OptionalLong.empty());

  public Cap {
    Objects.requireNonNull(computeParts, "computeParts");
    Objects.requireNonNull(memoryParts, "memoryParts");
    if (computeParts.orElse(0) < 0 || memoryParts.orElse(0) < 0) {
      throw new IllegalArgumentException("a bound must not be negative");
    }
  }

  /** Whether an amount stays within this bound. */
  public boolean admits(Amount amount) {
    return amount.computeParts() <= computeParts.orElse(Long.MAX_VALUE)
        && amount.memoryParts() <= memoryParts.orElse(Long.MAX_VALUE);
  }

  /** Whether one amount is no less than another in each dimension bounded here. */
  public boolean covers(Amount amount, Amount needed) {
    return (computeParts.isEmpty() || amount.computeParts() >= needed.computeParts())
        && (memoryParts.isEmpty() || amount.memoryParts() >= needed.memoryParts());
  }

  /** The bound as an amount, with zero for a dimension that is left out. */
  public Amount floor() {
    return new Amount(computeParts.orElse(0), memoryParts.orElse(0));
  }

  /** Whether every dimension bounded here is bounded there, no lower. */
  public boolean within(Cap other) {
    return computeParts.orElse(0) <= other.computeParts.orElse(Long.MAX_VALUE)
        && memoryParts.orElse(0) <= other.memoryParts.orElse(Long.MAX_VALUE);
  }

  /** For people: the dimensions that count. */
  @Override
  public String toString() {
    String compute = computeParts.isEmpty() ? "" : Amount.slices(computeParts.getAsLong());
    String memory = memoryParts.isEmpty() ? "" : Amount.decimal(memoryParts.getAsLong()) + " MiB";
    if (compute.isEmpty() && memory.isEmpty()) {
      return "unlimited";
    }
    return compute + (compute.isEmpty() || memory.isEmpty() ? "" : ", ") + memory;
  }
}
