package dev.lamella.core.explain;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * Compute and memory as numbers of at most three decimals.
 *
 * @param computeSlices null where a bound leaves it out
 * @param memoryMiB null where a bound leaves it out
 */
public record Amounts(BigDecimal computeSlices, BigDecimal memoryMiB) {

  /** An amount. */
  public static Amounts of(Amount amount) {
    return new Amounts(new BigDecimal(amount.compute()), new BigDecimal(amount.memory()));
  }

  /** A bound; null if it bounds nothing. */
  static Amounts of(Cap cap) {
    if (cap.equals(Cap.UNLIMITED)) {
      return null;
    }
    return new Amounts(decimal(cap.computeParts(), true), decimal(cap.memoryParts(), false));
  }

  private static BigDecimal decimal(OptionalLong parts, boolean compute) {
    if (parts.isEmpty()) {
      return null;
    }
    Amount amount = new Amount(parts.getAsLong(), parts.getAsLong());
    return new BigDecimal(compute ? amount.compute() : amount.memory());
  }
}
