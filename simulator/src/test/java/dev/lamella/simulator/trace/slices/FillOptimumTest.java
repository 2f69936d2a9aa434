package dev.lamella.simulator.trace.slices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FillOptimumTest {

  /** Cases on 100 GPUs that can be counted by hand: what arrives, what fits at most. */
  @ParameterizedTest
  @CsvSource({
    // 1g, 2g,  3g,  4g,  7g, requests, slices
    "   0,   0, 100, 100,   0,      200,    700", // a 3g beside each 4g
    "   0,   0, 201,   0,   0,      200,    600", // two 3g a GPU
    "   0,   0,   0, 102,   0,      100,    400", // one 4g a GPU
    "  10,   0,   0,   0, 100,      108,    700", // requests: two GPUs for the 1g; slices: only 7g
    " 300, 200,   0,   0,   0,      500,    700", // 2g 2g 1g 1g 1g
    "   0, 300,  50,   0,   0,      300,    650", // a 3g and two 2g, else three 2g
  })
  void findsTheMostThatFits(
      int one, int two, int three, int four, int seven, int requests, int slices) {
    int[] counts = {one, two, three, four, seven};
    int[] trace =
        IntStream.range(0, 5).flatMap(p -> IntStream.generate(() -> p).limit(counts[p])).toArray();
    int demand = Arrays.stream(trace).map(SliceModel::computeSlices).sum();

    FillOptimum optimum = FillOptimum.of(Arrivals.staying(trace));

    assertThat(optimum.acceptedRequests()).isCloseTo(100.0 * requests / trace.length, within(1e-6));
    assertThat(optimum.acceptedSlices()).isCloseTo(100.0 * slices / demand, within(1e-6));
  }

  @Test
  void noPolicyBeatsIt() {
    for (SliceMix mix : SliceMix.values()) {
      Arrivals arrivals = Arrivals.fill(mix, 9);
      FillOptimum optimum = FillOptimum.of(arrivals);
      for (String policy : SlicePolicies.NAMES) {
        var measures = new SliceRun(mix, arrivals, SlicePolicies.named(policy, 9)).measureFrom(0);
        assertThat(measures.get(0).percent())
            .as("%s %s", mix, policy)
            .isLessThanOrEqualTo(optimum.acceptedRequests() + 1e-9);
        assertThat(measures.get(1).percent())
            .as("%s %s", mix, policy)
            .isLessThanOrEqualTo(optimum.acceptedSlices() + 1e-9);
      }
    }
  }
}
