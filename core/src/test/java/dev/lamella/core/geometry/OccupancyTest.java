package dev.lamella.core.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OccupancyTest {

  private static final Occupancy A100 = Occupancy.ofMainProfiles(board("A100-SXM4-40GB"));

  /** Steps in the order of other projects' tests: what stands, what is asked, where it may go. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // board        | stands                       | asked | open starts         | most
        "A100-SXM4-40GB |                              | 1g    | 0 1 2 3 4 5 6       | 7",
        "A100-SXM4-40GB |                              | 3g    | 0 4                 | 2",
        "A100-SXM4-40GB | 3g@4                         | 2g    | 0 2                 | 2",
        "A100-SXM4-40GB | 3g@4 2g@0                    | 1g    | 2 3                 | 2",
        "A100-SXM4-40GB | 3g@4 2g@0 1g@3               | 1g    | 2                   | 1",
        "A100-SXM4-40GB | 2g@0 2g@2 2g@4               | 2g    |                     | 0",
        "A100-SXM4-40GB | 2g@0 2g@2 2g@4               | 1g    | 6                   | 1",
        "A100-SXM4-40GB | 3g@0 3g@4                    | 1g    |                     | 0",
        "A100-SXM4-40GB | 4g@0                         | 3g    | 4                   | 1",
        "A100-SXM4-40GB | 3g@4                         | 4g    | 0                   | 1",
        "A100-SXM4-40GB | 3g@0                         | 4g    |                     | 0",
        "A100-SXM4-40GB | 1g@6                         | 7g    |                     | 0",
        "A100-SXM4-80GB |                              | 7g    | 0                   | 1",
        "H100-80GB      | 4g@0                         | 1g    | 4 5 6               | 3",
        "A30            | 1g@0                         | 2g    | 2                   | 1",
        "A30            | 1g@0                         | 4g    |                     | 0",
      })
  void saysWhatStaysOpen(String model, String stands, String asked, String starts, int most) {
    Occupancy table = Occupancy.ofMainProfiles(board(model));
    int profile = profile(table, asked);
    int mask = stands == null ? 0 : mask(table, stands);

    List<Integer> open = new ArrayList<>();
    for (int start = 0; start < 8; start++) {
      if ((table.openStarts(profile, mask) >> start & 1) == 1) {
        open.add(start);
      }
    }

    assertThat(open).isEqualTo(numbers(starts));
    assertThat(table.mostInstances(profile, mask)).isEqualTo(most);
  }

  /** What the tables say must be what the rules of MIG say, for every layout there is. */
  @Test
  void agreesWithTheRulesOfMigOnEveryLayout() {
    List<List<PlacedProfile>> layouts = new ArrayList<>();
    extend(List.of(), 0, layouts);
    Set<Integer> masks = new HashSet<>();
    List<List<Integer>> maximal = new ArrayList<>();
    for (List<PlacedProfile> layout : layouts) {
      int mask = mask(layout);
      masks.add(mask);
      for (Profile profile : A100.profiles()) {
        for (int start = 0; start < 8; start++) {
          List<PlacedProfile> more = new ArrayList<>(layout);
          more.add(new PlacedProfile(profile, start));
          assertThat((A100.openStarts(A100.index(profile), mask) >> start & 1) == 1)
              .as("%s", more)
              .isEqualTo(Layout.violation(A100.board(), more).isEmpty());
        }
      }
      if (A100.capability(mask) == 0) {
        maximal.add(counts(layout));
      }
    }
    assertThat(layouts).hasSize(298);
    assertThat(masks).hasSize(144);
    assertThat(maximal).hasSize(19);
    assertThat(new HashSet<>(maximal)).hasSize(14);
  }

  @Test
  void capabilityCountsTheOpenStartsOfAllProfiles() {
    assertThat(A100.capability(0)).isEqualTo(7 + 3 + 2 + 1 + 1);
    assertThat(A100.capability(mask(A100, "3g@4"))).isEqualTo(4 + 2 + 1 + 1);
    assertThat(A100.capability(mask(A100, "3g@0"))).isEqualTo(3 + 1 + 1);
    assertThat(A100.capability(A100.masks() - 1)).isZero();
  }

  @Test
  void theMaximalPatternsAreTheOnesThatNoOtherContains() {
    assertThat(Patterns.maximal(A100))
        .hasSize(12)
        .contains(List.of(0, 0, 1, 1, 0), List.of(4, 0, 1, 0, 0), List.of(7, 0, 0, 0, 0))
        .doesNotContain(List.of(3, 0, 1, 0, 0), List.of(1, 1, 1, 0, 0));
  }

  @Test
  void mainProfilesHaveNoExtras() {
    assertThat(names(A100)).containsExactly("1g.5gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb");
    assertThat(names(Occupancy.ofMainProfiles(board("A30"))))
        .containsExactly("1g.6gb", "2g.12gb", "4g.24gb");
  }

  @Test
  void refusesProfilesWhoseLimitAMaskCannotSay() {
    Board board = board("A100-SXM4-40GB");
    assertThatThrownBy(() -> Occupancy.of(board, board.profiles()))
        .hasMessage(
            "A100-SXM4-40GB holds at most 1 of 1g.5gb+me, though 7 would fit:"
                + " a mask cannot say so");
    assertThatThrownBy(() -> Occupancy.ofMainProfiles(board("T4")))
        .hasMessageContaining("T4 has 0 memory slices");
    assertThatThrownBy(() -> A100.index(board.profile("1g.10gb").orElseThrow()))
        .hasMessageContaining("profile 1g.10gb is none of [1g.5gb, ");
  }

  private static void extend(
      List<PlacedProfile> layout, int from, List<List<PlacedProfile>> found) {
    found.add(layout);
    List<PlacedProfile> all =
        A100.profiles().stream()
            .flatMap(p -> p.starts().stream().map(start -> new PlacedProfile(p, start)))
            .toList();
    for (int i = from; i < all.size(); i++) {
      List<PlacedProfile> more = new ArrayList<>(layout);
      more.add(all.get(i));
      if (Layout.violation(A100.board(), more).isEmpty()) {
        extend(more, i + 1, found);
      }
    }
  }

  private static List<Integer> counts(List<PlacedProfile> layout) {
    return A100.profiles().stream()
        .map(p -> (int) layout.stream().filter(placed -> placed.profile().equals(p)).count())
        .toList();
  }

  private static Board board(String model) {
    return Boards.byModel(model).orElseThrow();
  }

  private static List<String> names(Occupancy table) {
    return table.profiles().stream().map(Profile::name).toList();
  }

  private static List<Integer> numbers(String text) {
    return text == null ? List.of() : Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
  }

  private static int profile(Occupancy table, String shortName) {
    return names(table)
        .indexOf(
            names(table).stream().filter(n -> n.startsWith(shortName)).findFirst().orElseThrow());
  }

  private static int mask(Occupancy table, String stands) {
    int mask = 0;
    for (String instance : stands.split(" ")) {
      String[] parts = instance.split("@");
      int start = Integer.parseInt(parts[1]);
      assertThat(table.openStarts(profile(table, parts[0]), mask) >> start & 1).isOne();
      mask |= table.span(profile(table, parts[0]), start);
    }
    return mask;
  }

  private static int mask(List<PlacedProfile> layout) {
    return layout.stream().mapToInt(placed -> placed.placement().mask()).reduce(0, (a, b) -> a | b);
  }
}
