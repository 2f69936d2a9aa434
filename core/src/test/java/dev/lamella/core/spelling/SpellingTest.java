package dev.lamella.core.spelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

  @ParameterizedTest
  @CsvSource({"kitten, sitting, 3", "'', abc, 3", "abc, abc, 0", "maxBodyMb, maxBodyMiB, 1"})
  void countsLettersToChange(String a, String b, int distance) {
    assertThat(Spelling.distance(a, b)).isEqualTo(distance);
    assertThat(Spelling.distance(b, a)).isEqualTo(distance);
  }

  @ParameterizedTest
  @CsvSource({"slice, slices", "modle, model", "x, model"})
  void findsTheNearestWord(String wrong, String nearest) {
    assertThat(Spelling.nearest(wrong, List.of("slices", "model"))).isEqualTo(nearest);
  }
}
