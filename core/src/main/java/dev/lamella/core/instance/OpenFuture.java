package dev.lamella.core.instance;

import dev.lamella.core.geometry.Occupancy;

/**
 * What an occupied GPU can still be expected to take on.
 *
 * <p><b>Goals.</b> A number for each occupancy mask whose difference, before and after a placement,
 * says what the placement costs the future: it keeps GPUs whole for large profiles if those are
 * asked for, completes begun GPUs without gaps, and adapts when the mix changes.
 *
 * <p><b>Model.</b> One GPU is offered requests drawn from the mix, {@value #OFFERS} on average,
 * then no more. It takes an offer or lets it pass to another GPU, whichever is worth more in the
 * end. An instance of c compute slices is worth c to the power {@value #WORTH}: large ones are
 * harder to place elsewhere. Nothing departs here; {@link Departures} adds that.
 *
 * <p><b>Algorithm.</b> Masks only grow, so one pass from full to empty solves the model exactly.
 * The value v of a mask satisfies v = d * sum over profiles of p * max(v, w), with d the
 * probability of another offer and w the worth of taking it at its best start. Its solution is the
 * largest d * (sum of p * w) / (1 - d * (1 - sum of p)) over the sets "take the profiles of highest
 * w".
 *
 * <p>Both constants are measured: docs/benchmarks.md says how and what else was tried.
 */
final class OpenFuture {

  private static final double OFFERS = 250;
  private static final double WORTH = 1.2;

  private final Occupancy table;
  private final Mix mix;
  private final double[] worth;
  private final double[] value;

  private OpenFuture(Occupancy table, Mix mix) {
    this.table = table;
    this.mix = mix;
    this.worth = new double[table.profiles().size()];
    for (int profile = 0; profile < worth.length; profile++) {
      worth[profile] = StrictMath.pow(table.profiles().get(profile).computeSlices(), WORTH);
    }
    this.value = new double[table.masks()];
    for (int mask = value.length - 1; mask >= 0; mask--) {
      value[mask] = solve(mask);
    }
  }

  static OpenFuture of(Occupancy table, Mix mix) {
    return new OpenFuture(table, mix);
  }

  /** Worth that is still to come, by occupancy mask. */
  double[] byMask() {
    return value;
  }

  private double solve(int mask) {
    double[] taking = new double[worth.length];
    for (int profile = 0; profile < taking.length; profile++) {
      taking[profile] = taking(profile, mask);
    }
    double more = OFFERS / (OFFERS + 1);
    double best = 0;
    double share = 0;
    double sum = 0;
    for (int next = largest(taking); taking[next] > 0; next = largest(taking)) {
      share += mix.share(next);
      sum += mix.share(next) * taking[next];
      best = Math.max(best, more * sum / (1 - more * (1 - share)));
      taking[next] = -1;
    }
    return best;
  }

  /** What a GPU is worth in the end if it takes a profile now at its best start; -1: no room. */
  private double taking(int profile, int mask) {
    double best = -1;
    for (int open = table.openStarts(profile, mask); open != 0; open &= open - 1) {
      int span = table.span(profile, Integer.numberOfTrailingZeros(open));
      best = Math.max(best, worth[profile] + value[mask | span]);
    }
    return best;
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
