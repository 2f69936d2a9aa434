package dev.lamella.core.instance;

import java.util.Arrays;

/**
 * The mix as the requests so far show it.
 *
 * <p>Every profile starts with one request that nobody made, so that none is ruled out before it
 * was seen. A value: seeing a request gives a new one.
 */
public final class ObservedMix {

  private final long[] counts;

  private ObservedMix(long[] counts) {
    this.counts = counts;
  }

  /** Nothing seen yet: all profiles alike. */
  public static ObservedMix nothing(int profiles) {
    long[] counts = new long[profiles];
    Arrays.fill(counts, 1);
    return new ObservedMix(counts);
  }

  /** After one more request, whether it was placed or not. */
  public ObservedMix saw(int profile) {
    long[] more = counts.clone();
    more[profile]++;
    return new ObservedMix(more);
  }

  public Mix mix() {
    return Mix.of(Arrays.stream(counts).asDoubleStream().toArray());
  }
}
