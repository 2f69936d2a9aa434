package dev.lamella.simulator.trace.slices;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Requests in the order in which they come. Immutable; parallel arrays, since there are many. */
final class Arrivals {

  private final double[] times;
  private final byte[] profiles;
  private final double[] lifetimes;

  private Arrivals(double[] times, byte[] profiles, double[] lifetimes) {
    this.times = times;
    this.profiles = profiles;
    this.lifetimes = lifetimes;
  }

  /**
   * A Poisson stream with exponential lifetimes of mean 1.
   *
   * @param load offered compute slices as a part of all there are
   * @param until no arrival after this time
   */
  static Arrivals churn(SliceMix mix, double load, double until, long seed) {
    double rate = load * SliceModel.COMPUTE_SLICES / SliceModel.meanComputeSlices(mix);
    SplittableRandom random = new SplittableRandom(seed);
    double[] times = new double[1024];
    byte[] profiles = new byte[1024];
    double[] lifetimes = new double[1024];
    int count = 0;
    for (double time = exponential(random) / rate;
        time <= until;
        time += exponential(random) / rate) {
      if (count == times.length) {
        times = Arrays.copyOf(times, 2 * count);
        profiles = Arrays.copyOf(profiles, 2 * count);
        lifetimes = Arrays.copyOf(lifetimes, 2 * count);
      }
      times[count] = time;
      profiles[count] = (byte) mix.profileAt(random.nextDouble());
      lifetimes[count] = exponential(random);
      count++;
    }
    return new Arrivals(
        Arrays.copyOf(times, count),
        Arrays.copyOf(profiles, count),
        Arrays.copyOf(lifetimes, count));
  }

  /** Requests that stay, as long as all of them together fit by compute slices. */
  static Arrivals fill(SliceMix mix, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] profiles = new int[SliceModel.COMPUTE_SLICES];
    int count = 0;
    int profile = mix.profileAt(random.nextDouble());
    for (int demand = SliceModel.computeSlices(profile);
        demand <= SliceModel.COMPUTE_SLICES;
        demand += SliceModel.computeSlices(profile)) {
      profiles[count++] = profile;
      profile = mix.profileAt(random.nextDouble());
    }
    return staying(Arrays.copyOf(profiles, count));
  }

  /** Requests for these profiles that stay, one each unit of time from 0. */
  static Arrivals staying(int... requests) {
    double[] times = new double[requests.length];
    byte[] profiles = new byte[requests.length];
    double[] lifetimes = new double[requests.length];
    for (int i = 0; i < requests.length; i++) {
      times[i] = i;
      profiles[i] = (byte) requests[i];
      lifetimes[i] = Double.POSITIVE_INFINITY;
    }
    return new Arrivals(times, profiles, lifetimes);
  }

  int count() {
    return times.length;
  }

  double time(int arrival) {
    return times[arrival];
  }

  int profile(int arrival) {
    return profiles[arrival];
  }

  double lifetime(int arrival) {
    return lifetimes[arrival];
  }

  private static double exponential(SplittableRandom random) {
    return -StrictMath.log(1 - random.nextDouble());
  }
}
