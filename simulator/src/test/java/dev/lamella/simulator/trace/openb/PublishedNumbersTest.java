package dev.lamella.simulator.trace.openb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lamella.simulator.trace.experiment.Experiment;
import dev.lamella.simulator.trace.experiment.Series;
import dev.lamella.simulator.trace.experiment.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The published allocation on openb-default at 100 and 120 % arrival, mean of ten seeds.
 *
 * <p>The trace is not the project's to ship: the test runs where it is found, in {@code
 * ../shared/data/openb} beside the repository or where the property {@code lamella.openb} says.
 */
class PublishedNumbersTest {

  private static final Path DATA =
      Path.of(System.getProperty("lamella.openb", "../../shared/data/openb"));

  @Test
  void randomBestFitAndFgdAllocateWhatWasPublished() throws InterruptedException {
    assumeTrue(Files.isDirectory(DATA), () -> "no trace at " + DATA.toAbsolutePath());
    OpenbPreset preset = new OpenbPreset();
    Settings settings =
        new Settings(
            List.of("default"), List.of("random", "best-fit", "fgd"), 10, Optional.of(DATA));

    List<Series> series =
        new Experiment(2).series(preset.name(), preset.runs(settings), done -> {});

    double[] published = {86.30, 87.28, 92.86, 93.00, 95.23, 95.35};
    for (int i = 0; i < published.length; i++) {
      assertThat(series.get(i).mean())
          .as("%s %s", series.get(i).policy(), series.get(i).metric())
          .isCloseTo(published[i], within(0.3));
    }
  }
}
