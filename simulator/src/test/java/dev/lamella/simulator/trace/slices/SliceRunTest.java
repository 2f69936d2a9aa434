package dev.lamella.simulator.trace.slices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lamella.core.instance.InstancePolicies;
import dev.lamella.core.instance.InstancePolicy;
import dev.lamella.simulator.trace.experiment.Run.Measure;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SliceRunTest {

  /** Profiles by number: 0 is 1g, 1 is 2g, 2 is 3g, 3 is 4g, 4 is 7g. */
  @Test
  void aSmallTraceByFirstFit() {
    // 99 whole GPUs; on the last one 3g at 0, then the 4g is lost, 2g at 4, 1g at 6.
    int[] trace =
        IntStream.concat(IntStream.generate(() -> 4).limit(99), IntStream.of(2, 3, 1, 0)).toArray();
    SliceRun run = new SliceRun(SliceMix.UNIFORM, Arrivals.staying(trace), first());

    List<Measure> measures = run.measureFrom(0);

    assertThat(run.cluster().mask(99)).isEqualTo(0b0111_1111);
    assertThat(run.cluster().computeSlices()).isEqualTo(99 * 7 + 3 + 2 + 1);
    assertThat(percent(measures, "acceptedRequests")).isEqualTo(100.0 * 102 / 103);
    assertThat(percent(measures, "acceptedSlices")).isEqualTo(100.0 * 699 / 703);
  }

  @Test
  void onlyArrivalsFromTheGivenTimeOnCount() {
    int[] trace = new int[701];
    SliceRun run = new SliceRun(SliceMix.SMALL, Arrivals.staying(trace), first());

    List<Measure> measures = run.measureFrom(699);

    // 1g each: the 700th finds the last free slice, the next one none.
    assertThat(percent(measures, "acceptedRequests")).isEqualTo(50);
    assertThat(percent(measures, "allocation")).isCloseTo((699 + 700) / 14.0, within(1e-9));
    // Slice 7 of each GPU stays free, and nobody has a use for it.
    assertThat(percent(measures, "fragmentation")).isGreaterThan(95);
  }

  @Test
  void aSliceHasOneHolderAndIsFreedOnce() {
    Cluster cluster = new Cluster();
    cluster.create(3, 2, 0xf0);
    assertThatThrownBy(() -> cluster.create(3, 0, 0x40)).hasMessageContaining("GPU 3");
    assertThatThrownBy(() -> cluster.destroy(3, 3, 0x0f)).hasMessageContaining("GPU 3");
    cluster.destroy(3, 2, 0xf0);
    assertThat(cluster.computeSlices()).isZero();
  }

  /** The cluster checks each step; what stands in the end is never more than there is. */
  @ParameterizedTest
  @EnumSource(SliceMix.class)
  void everyPolicyKeepsTheBooksStraight(SliceMix mix) {
    for (String policy : SlicePolicies.NAMES) {
      Arrivals arrivals = Arrivals.churn(mix, 1.3, 3, 11);
      SliceRun run = new SliceRun(mix, arrivals, SlicePolicies.named(policy, 11));
      List<Measure> measures = run.measureFrom(0);
      assertThat(run.cluster().computeSlices()).as(policy).isBetween(1, SliceModel.COMPUTE_SLICES);
      assertThat(measures)
          .as(policy)
          .allSatisfy(m -> assertThat(m.percent()).isBetween(0.0, 100.0));
    }
  }

  @Test
  void theSameSeedGivesTheSameResult() {
    assertThat(churn("random", 5)).isEqualTo(churn("random", 5)).isNotEqualTo(churn("random", 6));
    assertThat(churn("lamella", 5)).isEqualTo(churn("lamella", 5));
  }

  @ParameterizedTest
  @EnumSource(SliceMix.class)
  void arrivalsFollowLoadAndMix(SliceMix mix) {
    Arrivals arrivals = Arrivals.churn(mix, 1.0, 100, 2);
    double[] slices = new double[1];
    double[] lifetimes = new double[1];
    int[] counts = new int[5];
    for (int i = 0; i < arrivals.count(); i++) {
      slices[0] += SliceModel.computeSlices(arrivals.profile(i));
      lifetimes[0] += arrivals.lifetime(i);
      counts[arrivals.profile(i)]++;
    }
    assertThat(slices[0] / 100).isCloseTo(700, within(21.0));
    assertThat(lifetimes[0] / arrivals.count()).isCloseTo(1, within(0.04));
    for (int profile = 0; profile < 5; profile++) {
      assertThat((double) counts[profile] / arrivals.count())
          .isCloseTo(mix.mix().share(profile), within(0.015));
    }
  }

  @ParameterizedTest
  @EnumSource(SliceMix.class)
  void fillAsksForNoMoreThanThereIs(SliceMix mix) {
    Arrivals arrivals = Arrivals.fill(mix, 4);
    int demand =
        IntStream.range(0, arrivals.count())
            .map(i -> SliceModel.computeSlices(arrivals.profile(i)))
            .sum();
    assertThat(demand).isBetween(SliceModel.COMPUTE_SLICES - 6, SliceModel.COMPUTE_SLICES);
  }

  private static InstancePolicy first() {
    return InstancePolicies.firstFit();
  }

  private static List<Measure> churn(String policy, long seed) {
    Arrivals arrivals = Arrivals.churn(SliceMix.UNIFORM, 1.0, 4, seed);
    return new SliceRun(SliceMix.UNIFORM, arrivals, SlicePolicies.named(policy, seed))
        .measureFrom(1);
  }

  private static double percent(List<Measure> measures, String metric) {
    return measures.stream()
        .filter(measure -> measure.metric().equals(metric))
        .mapToDouble(Measure::percent)
        .reduce((a, b) -> Double.NaN)
        .orElseThrow(() -> new AssertionError(metric + " is not in " + Arrays.asList(measures)));
  }
}
