package dev.lamella.simulator.trace.slices;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeparturesTest {

  @Test
  void leaveInTheOrderOfTheirTimesAndKeepWhatTheyAre() {
    SplittableRandom random = new SplittableRandom(3);
    Departures departures = new Departures();
    List<Double> expected = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      int gpu = random.nextInt(100);
      double time = gpu + random.nextDouble();
      expected.add(time);
      departures.add(time, gpu, gpu % 5, gpu + 1);
    }
    expected.sort(null);

    for (double time : expected) {
      assertThat(departures.isDueBy(Math.nextDown(time))).isFalse();
      assertThat(departures.isDueBy(time)).isTrue();
      assertThat(departures.gpu()).isEqualTo((int) time);
      assertThat(departures.profile()).isEqualTo((int) time % 5);
      assertThat(departures.span()).isEqualTo((int) time + 1);
      departures.removeFirst();
    }
    assertThat(departures.isDueBy(Double.MAX_VALUE)).isFalse();
  }
}
