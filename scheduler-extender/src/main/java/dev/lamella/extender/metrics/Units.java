package dev.lamella.extender.metrics;

import dev.lamella.core.amount.Amount;

/** Exact amounts as numbers of a metric. */
final class Units {

  private static final double MIB = 1024.0 * 1024.0;
  private static final double PARTS = Amount.PARTS;

  private Units() {}

  static double slices(long parts) {
    return parts / PARTS;
  }

  static double bytes(long parts) {
    return parts / PARTS * MIB;
  }
}
