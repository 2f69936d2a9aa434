package dev.lamella.core.amount;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Compute and memory, exactly: what slices and shares are charged as.
 *
 * <p>Both are counted in parts of {@value #PARTS}, of a compute slice and of a MiB. That number is
 * divisible by every number of shares from 1 to 16 (and by 24, 32, 48 and 64), and by 1000, so that
 * a share and a milli-quantity are whole numbers of parts and nothing is ever rounded. A long holds
 * 127 billion compute slices.
 *
 * @param computeParts compute, in parts of a compute slice
 * @param memoryParts memory, in parts of a MiB
 */
public record Amount(long computeParts, long memoryParts) {

  /** Parts of one compute slice, and of one MiB: 2^6 * 3^2 * 5^3 * 7 * 11 * 13. */
  public static final long PARTS = 72_072_000;

  public static final Amount ZERO = new Amount(0, 0);

  public static Amount of(int computeSlices, long memoryMiB) {
    return new Amount(
        Math.multiplyExact(computeSlices, PARTS), Math.multiplyExact(memoryMiB, PARTS));
  }

  /** Whether a slice may be cut into this many equal shares. */
  public static boolean divisibleBy(int shares) {
    return shares >= 1 && PARTS % shares == 0;
  }

  /**
   * One of n equal shares of this.
   *
   * @throws IllegalArgumentException if it cannot be divided exactly
   */
  public Amount share(int n) {
    if (!divisibleBy(n)) {
      throw new IllegalArgumentException(n + " shares do not divide a slice exactly");
    }
    return new Amount(computeParts / n, memoryParts / n);
  }

  public Amount plus(Amount other) {
    return new Amount(
        Math.addExact(computeParts, other.computeParts),
        Math.addExact(memoryParts, other.memoryParts));
  }

  public Amount minus(Amount other) {
    return new Amount(
        Math.subtractExact(computeParts, other.computeParts),
        Math.subtractExact(memoryParts, other.memoryParts));
  }

  public Amount times(int n) {
    return new Amount(Math.multiplyExact(computeParts, n), Math.multiplyExact(memoryParts, n));
  }

  /** The larger of the two in each dimension. */
  public Amount max(Amount other) {
    return new Amount(
        Math.max(computeParts, other.computeParts), Math.max(memoryParts, other.memoryParts));
  }

  /** Compute slices for people: at most three decimals, no trailing zeros. */
  public String compute() {
    return decimal(computeParts);
  }

  /** MiB for people: at most three decimals, no trailing zeros. */
  public String memory() {
    return decimal(memoryParts);
  }

  /** Compute slices for people, with the words. */
  static String slices(long parts) {
    return decimal(parts) + (parts == PARTS ? " compute slice" : " compute slices");
  }

  static String decimal(long parts) {
    BigDecimal exact =
        BigDecimal.valueOf(parts).divide(BigDecimal.valueOf(PARTS), 3, RoundingMode.HALF_UP);
    return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
  }

  @Override
  public String toString() {
    return slices(computeParts) + ", " + memory() + " MiB";
  }
}
