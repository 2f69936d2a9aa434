package dev.lamella.core.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Occupancy;
import org.junit.jupiter.api.Test;

class OpenFutureTest {

  private static final Occupancy A100 =
      Occupancy.ofMainProfiles(Boards.byModel("A100-SXM4-40GB").orElseThrow());
  private static final Mix MIX = Mix.of(.35, .1, .15, .1, .3);

  /** The model once more, as plain value iteration that knows nothing of the closed form. */
  @Test
  void solvesTheModelOfOffersThatAGpuTakesOrLetsPass() {
    double more = 250.0 / 251;
    double[] value = new double[A100.masks()];
    for (int round = 0; round < 12_000; round++) {
      for (int mask = 0; mask < value.length; mask++) {
        double next = 0;
        for (int profile = 0; profile < 5; profile++) {
          next += MIX.share(profile) * Math.max(value[mask], taking(profile, mask, value));
        }
        value[mask] = more * next;
      }
    }

    double[] solved = OpenFuture.of(A100, MIX).byMask();

    for (int mask = 0; mask < value.length; mask++) {
      assertThat(solved[mask]).as("mask %#x", mask).isCloseTo(value[mask], within(1e-6));
    }
  }

  @Test
  void lessRoomIsNeverWorthMore() {
    double[] value = OpenFuture.of(A100, MIX).byMask();
    assertThat(value[A100.masks() - 1]).isZero();
    for (int mask = 0; mask < value.length; mask++) {
      for (int slice = 0; slice < 8; slice++) {
        assertThat(value[mask | 1 << slice]).isLessThanOrEqualTo(value[mask]);
      }
    }
  }

  private static double taking(int profile, int mask, double[] value) {
    double best = Double.NEGATIVE_INFINITY;
    for (int start = 0; start < 8; start++) {
      if ((A100.openStarts(profile, mask) >> start & 1) == 1) {
        double worth = Math.pow(A100.profiles().get(profile).computeSlices(), 1.2);
        best = Math.max(best, worth + value[mask | A100.span(profile, start)]);
      }
    }
    return best;
  }
}
