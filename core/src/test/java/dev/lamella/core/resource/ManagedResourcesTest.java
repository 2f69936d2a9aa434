package dev.lamella.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.geometry.Boards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list, and the chart's copy of it. */
class ManagedResourcesTest {

  private static final Path CHART = Path.of("..", "charts/lamella/files/managed-resources.yaml");
  private static final String WRITE = "lamella.write-managed-resources";
  private static final String COMMAND =
      "./mvnw -pl core test -Dtest=ManagedResourcesTest -D" + WRITE;

  @Test
  void everyProfileOfEveryBoardIsThereWholeAndShared() {
    Boards.all().stream()
        .flatMap(board -> board.profileNames().stream())
        .forEach(
            profile ->
                assertThat(ManagedResources.all())
                    .contains(ResourceName.whole(profile), ResourceName.shared(profile)));
    assertThat(ManagedResources.all())
        .contains(ResourceName.whole("gpu"), ResourceName.shared("gpu"))
        .doesNotHaveDuplicates()
        .isSorted();
  }

  @Test
  void theChartsListIsThisOne() throws IOException {
    String list =
        ManagedResources.all().stream()
            .map(resource -> "- " + resource.text() + "\n")
            .collect(Collectors.joining());
    String text =
        "# Every resource that Lamella manages. Generated from the boards of core; anew by\n# "
            + COMMAND
            + "\n"
            + list;
    if (System.getProperty(WRITE) != null) {
      Files.writeString(CHART, text);
    }
    assertThat(CHART).as("out of date? Write it anew: %s", COMMAND).hasContent(text);
  }
}
