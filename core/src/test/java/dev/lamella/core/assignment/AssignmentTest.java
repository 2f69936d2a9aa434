package dev.lamella.core.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.resource.ResourceName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");
  private static final ResourceName SHARED = ResourceName.shared("1g.5gb");

  @Test
  void writesTheTextOfTheContract() {
    Assignment assignment =
        new Assignment(
            1795303295446L,
            List.of(Held.whole(WHOLE, List.of("MIG-a")), Held.shares(SHARED, "MIG-b", 1)));

    assertThat(assignment.text())
        .isEqualTo(
            "{\"v\":1,\"boundAt\":1795303295446,\"held\":["
                + "{\"resource\":\"nvidia.com/mig-1g.5gb\",\"slices\":[\"MIG-a\"]},"
                + "{\"resource\":\"nvidia.com/mig-1g.5gb.shared\",\"slices\":[\"MIG-b\"],"
                + "\"shares\":1}]}");
  }

  @Test
  void readsBackWhatItWrites() {
    Assignment assignment =
        new Assignment(
            7,
            List.of(
                Held.whole(WHOLE, List.of("a\"\\\n", "b")),
                Held.shares(SHARED, "c", 3),
                Held.shares(SHARED, "d", 1)));

    assertThat(Assignment.parse(assignment.text())).isEqualTo(assignment);
    assertThat(assignment.devices(WHOLE)).isEqualTo(2);
    assertThat(assignment.devices(SHARED)).isEqualTo(4);
  }

  @Test
  void passesOverUnknownFields() {
    assertThat(Assignment.parse(" {\"v\":1,\"x\":[true,null],\"boundAt\":2,\"held\":[]} "))
        .isEqualTo(new Assignment(2, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                                    | v is null, expected 1",
        "{\"v\":2}                             | v is 2, expected 1",
        "{\"v\":1}                             | boundAt is null",
        "{\"v\":1,\"boundAt\":\"x\"}           | boundAt is x, expected milliseconds",
        "{\"v\":1,\"boundAt\":1}               | held is null, expected a list",
        "{\"v\":1,\"boundAt\":1,\"held\":[7]}  | held[0] is 7, expected an object",
        "{\"v\":1,\"boundAt\":1,\"held\":[{\"resource\":\"cpu\"}]} | resource is \"cpu\"",
        "{\"v\":1,\"boundAt\":1.5}             | not JSON at character 18",
        "[[[[[[[[[[[[[[[[[[[[[[[[[             | at most 16 levels",
        "{\"v\":1                              | not JSON at character 6: expected more",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> Assignment.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAnEntryThatContradictsItself() {
    String shares = "{\"v\":1,\"boundAt\":1,\"held\":[{\"resource\":\"%s\",\"slices\":%s}]}";
    assertThatThrownBy(() -> Assignment.parse(shares.formatted(SHARED, "[\"a\"]")))
        .hasMessage("shares of nvidia.com/mig-1g.5gb.shared must be 1 or more");
    assertThatThrownBy(() -> Assignment.parse(shares.formatted(WHOLE, "[\"a\",\"a\"]")))
        .hasMessage("slices of nvidia.com/mig-1g.5gb must be named, each once: [a, a]");
  }
}
