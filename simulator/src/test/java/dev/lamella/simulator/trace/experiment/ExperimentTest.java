package dev.lamella.simulator.trace.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lamella.simulator.trace.experiment.Run.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentTest {

  @Test
  void gathersRunsBySeedWhicheverEndsFirst() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(1);
    Run slow =
        new Run(
            "m",
            "p",
            1,
            () -> {
              await(second);
              return List.of(new Measure("x", 10), new Measure("y", 1));
            });
    Run quick =
        new Run(
            "m",
            "p",
            2,
            () -> {
              second.countDown();
              return List.of(new Measure("x", 20), new Measure("y", 2));
            });
    List<Integer> progress = new ArrayList<>();

    List<Series> series = new Experiment(2).series("demo", List.of(slow, quick), progress::add);

    assertThat(series)
        .containsExactly(
            new Series("demo", "m", "p", "x", List.of(10.0, 20.0)),
            new Series("demo", "m", "p", "y", List.of(1.0, 2.0)));
    assertThat(progress).containsExactly(1, 2);
  }

  @Test
  void aBrokenRunEndsTheExperimentWithItsOwnError() {
    Run broken =
        new Run(
            "m",
            "p",
            1,
            () -> {
              throw new InvalidInputException("line 3 is wrong");
            });
    assertThatThrownBy(() -> new Experiment(1).series("demo", List.of(broken), done -> {}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("line 3 is wrong");
  }

  @Test
  void differencesAreTakenSeedBySeed() {
    Series one = new Series("demo", "m", "a", "x", List.of(11.0, 22.0, 33.0));
    Series other = new Series("demo", "m", "b", "x", List.of(10.0, 20.0, 30.0));

    Difference difference = Difference.between(one, other);

    assertThat(difference.points()).isEqualTo(2);
    // sd 1 of three pairs: 4.3027 / sqrt(3).
    assertThat(difference.low()).isCloseTo(2 - 2.4842, within(1e-3));
    assertThat(difference.high()).isCloseTo(2 + 2.4842, within(1e-3));
    assertThat(one.mean()).isEqualTo(22);
    assertThat(one.sd()).isEqualTo(11);
  }

  @Test
  void aSingleSeedHasNoInterval() {
    Series one = new Series("demo", "m", "a", "x", List.of(11.0));
    assertThat(one.sd()).isZero();
    assertThat(Difference.between(one, one).low()).isNaN();
  }

  /** Points of printed tables of Student's t, 97.5 %. */
  @ParameterizedTest
  @CsvSource({"1, 12.706", "4, 2.776", "5, 2.571", "9, 2.262", "29, 2.045", "1000, 1.962"})
  void knowsStudentsT(int degrees, double point) {
    assertThat(Statistics.studentT(degrees)).isCloseTo(point, within(0.004));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
