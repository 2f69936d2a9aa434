package dev.lamella.core.instance;

import java.util.Arrays;

/** How often each profile is asked for: shares that add up to 1, in the order of the tables. */
public final class Mix {

  private final double[] shares;

  private Mix(double[] shares) {
    this.shares = shares;
  }

  /**
   * A mix in proportion to weights.
   *
   * @throws IllegalArgumentException if a weight is negative or not finite, or all are 0
   */
  public static Mix of(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException(
            "weights of a mix are finite and not negative: " + Arrays.toString(weights));
      }
      sum += weight;
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException("a mix needs a weight above 0");
    }
    double[] shares = new double[weights.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = weights[i] / sum;
    }
    return new Mix(shares);
  }

  public int profiles() {
    return shares.length;
  }

  /** The share of a profile, 0 to 1. */
  public double share(int profile) {
    return shares[profile];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mix mix && Arrays.equals(shares, mix.shares);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shares);
  }

  @Override
  public String toString() {
    return Arrays.toString(shares);
  }
}
