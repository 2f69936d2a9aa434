package dev.lamella.core.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeparturesTest {

  /** With the number of free slices as the value, each slice counts 0.05 more than it is free. */
  @ParameterizedTest
  @CsvSource({
    "00000000, 00000000, 8",
    "00001111, 00000001, 4.2", // one 4g
    "00001111, 00001111, 4.2", // four 1g
    "11110011, 00010001, 2.3", // a 2g and a 3g
    "11111111, 01010001, 0.4",
  })
  void instancesGoWithAllTheirSlices(String mask, String starts, double expected) {
    double[] free = new double[256];
    for (int i = 0; i < free.length; i++) {
      free[i] = 8 - Integer.bitCount(i);
    }
    assertThat(new Departures(free).expected(binary(mask), binary(starts)))
        .isCloseTo(expected, within(1e-12));
  }

  /** A value that only an empty GPU has tells instances apart: one of them leaves sooner. */
  @Test
  void aGpuWithOneInstanceIsSoonerEmptyThanOneWithTwo() {
    double[] empty = new double[256];
    empty[0] = 1;
    Departures departures = new Departures(empty);
    assertThat(departures.expected(0b11, 0b01)).isCloseTo(.05, within(1e-12));
    assertThat(departures.expected(0b11, 0b11)).isCloseTo(.0025, within(1e-12));
  }

  @Test
  void whereStartsAreNotKnownARunIsOneInstance() {
    assertThat(Gpus.ofMasks(0b0111_0110).starts(0)).isEqualTo(0b0001_0010);
  }

  private static int binary(String text) {
    return Integer.parseInt(text, 2);
  }
}
