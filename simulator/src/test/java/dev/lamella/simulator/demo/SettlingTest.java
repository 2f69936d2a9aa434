package dev.lamella.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettlingTest {

  /**
   * Steps of the form {@code seconds:pods}, a pod a letter: R runs, S has ended, F has failed, N is
   * new, B is bound, T is being deleted, a lower case letter waits for the reason of that letter.
   * The last column is the second at which rest is seen first.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0:R 1:R             | true  | 0",
        "0:N 1:B 2:R         | true  | 2",
        "0:RSF               | true  | 0",
        "0:R 1:R 5:R 6:R     | false | 6",
        "0:R 5:RR 6:RR 11:RR | false | 11",
        "0:Ra 5:Ra 6:Ra      | true  | 6",
        "0:Ra 5:Rb 6:Rb 10:Rb 11:Rb | true | 11",
        "0:Na 9:Na           | true  | never",
        "0:T 9:T             | true  | never",
        "0:B 9:B             | true  | never",
      })
  void restIsWhenNothingMoreWillHappen(String steps, boolean complete, String expected) {
    Settling settling = new Settling(0);
    String rest = "never";
    for (String step : steps.split(" ")) {
      String[] parts = step.split(":");
      long now = Long.parseLong(parts[0]) * 1_000_000_000L;
      if (settling.settled(pods(parts[1]), complete, now) && rest.equals("never")) {
        rest = parts[0];
      }
    }

    assertThat(rest).isEqualTo(expected);
  }

  private static List<PodState> pods(String letters) {
    return Arrays.stream(letters.split("")).map(SettlingTest::pod).toList();
  }

  private static PodState pod(String letter) {
    return switch (letter) {
      case "R" -> state("Running", "n", "", false, false);
      case "S" -> state("Succeeded", "n", "", false, false);
      case "F" -> state("Failed", "n", "", false, false);
      case "N" -> state("Pending", "", "", false, false);
      case "B" -> state("Pending", "n", "", false, false);
      case "T" -> state("Running", "n", "", false, true);
      default -> state("Pending", "", letter, true, false);
    };
  }

  private static PodState state(
      String phase, String node, String reason, boolean refused, boolean terminating) {
    return new PodState("uid", "ns", "pod", phase, node, reason, refused, terminating);
  }
}
