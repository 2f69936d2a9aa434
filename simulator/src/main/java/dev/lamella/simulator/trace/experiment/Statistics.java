package dev.lamella.simulator.trace.experiment;

import java.util.List;

/** Means, standard deviations and the quantile that intervals of few seeds need. */
final class Statistics {

  /** 97.5 % point of the standard normal distribution. */
  private static final double Z = 1.959963984540054;

  /** 97.5 % points of Student's t for 1 to 4 degrees of freedom. */
  private static final double[] FEW = {12.7062, 4.3027, 3.1824, 2.7764};

  private Statistics() {}

  static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
  }

  static double sd(List<Double> values) {
    if (values.size() < 2) {
      return 0;
    }
    double mean = mean(values);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.size() - 1));
  }

  /** Half the width of the 95 % interval of the mean; not a number for a single value. */
  static double halfWidth(List<Double> values) {
    return values.size() < 2
        ? Double.NaN
        : studentT(values.size() - 1) * sd(values) / Math.sqrt(values.size());
  }

  /**
   * The 97.5 % point of Student's t: from a table up to 4 degrees of freedom, beyond by the series
   * in their inverse (Abramowitz and Stegun 26.7.5), good to 0.004.
   */
  static double studentT(int degrees) {
    if (degrees <= FEW.length) {
      return FEW[degrees - 1];
    }
    double z3 = Math.pow(Z, 3);
    double z5 = Math.pow(Z, 5);
    double z7 = Math.pow(Z, 7);
    return Z
        + (z3 + Z) / (4.0 * degrees)
        + (5 * z5 + 16 * z3 + 3 * Z) / (96 * Math.pow(degrees, 2))
        + (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * Math.pow(degrees, 3));
  }
}
