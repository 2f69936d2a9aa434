package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The documentation has the values as they are. */
class ValuesTableTest {

  private static final Path REFERENCE = Chart.ROOT.resolve("docs/reference.md");
  private static final String BEGIN = "<!-- values: made by charts, ValuesTableTest -->\n";
  private static final String END = "<!-- /values -->";

  @Test
  void theReferenceHasEveryValueWithItsDefault() throws IOException {
    String text = Files.readString(REFERENCE);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    String fresh = ValuesTable.of();
    if (Boolean.getBoolean("lamella.write")) {
      Files.writeString(REFERENCE, text.substring(0, begin) + fresh + text.substring(end));
      return;
    }
    assertThat(text.substring(begin, end))
        .as("write it anew: ./mvnw -pl charts -am test -Dlamella.write=true -Dtest=ValuesTableTest")
        .isEqualTo(fresh);
  }

  @Test
  void everyValueIsInTheTable() throws IOException {
    assertThat(ValuesTable.of())
        .contains("| `devicePlugin.resources` |")
        .contains("| `schedulerExtender.tls.certManager.issuerRef` |")
        .contains("| `rbac.create` | `true` |")
        .doesNotContain("| `scheduler` |");
    assertThat(ValuesTable.of().lines().count()).isGreaterThan(90);
  }
}
