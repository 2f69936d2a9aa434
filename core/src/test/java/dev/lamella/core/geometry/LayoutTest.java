package dev.lamella.core.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A100-SXM4-40GB | 1g.5gb@0 1g.5gb@1 1g.5gb@2 1g.5gb@3 1g.5gb@4 1g.5gb@5 1g.5gb@6 | legal",
        "A100-SXM4-40GB | 4g.20gb@0 3g.20gb@4                    | legal",
        "A100-SXM4-40GB | 3g.20gb@4 1g.5gb@0 1g.5gb@1 1g.5gb@2 1g.5gb@3 | legal",
        "A100-SXM4-40GB | 3g.20gb@4 2g.10gb@0 1g.5gb@3 1g.5gb@2  | legal",
        "A100-SXM4-40GB | 1g.5gb@7                               | ILLEGAL_START",
        "A100-SXM4-40GB | 3g.20gb@2                              | ILLEGAL_START",
        "A100-SXM4-40GB | 2g.10gb@0 1g.5gb@1                     | OVERLAP",
        "A100-SXM4-40GB | 3g.20gb@0 3g.20gb@4 1g.5gb@6           | OVERLAP",
        "A100-SXM4-40GB | 1g.5gb+me@0 1g.5gb+me@1                | TOO_MANY_INSTANCES",
        "A30            | 2g.12gb@0 2g.12gb@2                    | legal",
        "A30            | 2g.12gb@1                              | ILLEGAL_START",
        "H100-80GB      | 1g.20gb@6 1g.10gb@0                    | legal",
      })
  void knowsTheRulesOfMig(String model, String slices, String verdict) {
    Board board = Boards.byModel(model).orElseThrow();
    List<PlacedProfile> instances =
        Arrays.stream(slices.trim().split(" ")).map(text -> placed(board, text)).toList();

    String found = Layout.violation(board, instances).map(v -> v.rule().name()).orElse("legal");

    assertThat(found).isEqualTo(verdict);
  }

  @Test
  void aViolationNamesTheSliceAndTheRule() {
    Board board = Boards.byModel("A100-SXM4-40GB").orElseThrow();
    List<PlacedProfile> layout = List.of(placed(board, "2g.10gb@0"), placed(board, "1g.5gb@1"));

    assertThat(Layout.violation(board, layout).orElseThrow().sentence())
        .isEqualTo(
            "slice 1g.5gb@1 is illegal: its memory slices 1..1 overlap those of 2g.10gb@0, 0..1");
  }

  /** The counts are those that MIG's published geometry gives for the five main profiles. */
  @Test
  void aSevenSliceBoardHas298LayoutsOf144MasksAnd19OfThemMaximal() {
    Board board = Boards.byModel("A100-SXM4-40GB").orElseThrow();
    List<PlacedProfile> all =
        List.of("1g.5gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb").stream()
            .map(name -> board.profile(name).orElseThrow())
            .flatMap(p -> p.starts().stream().map(start -> new PlacedProfile(p, start)))
            .sorted()
            .toList();
    List<List<PlacedProfile>> layouts = new ArrayList<>();
    extend(board, all, 0, List.of(), layouts);

    Set<Integer> masks = new HashSet<>();
    layouts.forEach(layout -> masks.add(mask(layout)));
    long maximal =
        layouts.stream().filter(l -> all.stream().noneMatch(p -> fits(board, l, p))).count();

    assertThat(layouts).hasSize(298);
    assertThat(masks).hasSize(144);
    assertThat(maximal).isEqualTo(19);
  }

  private static void extend(
      Board board,
      List<PlacedProfile> all,
      int from,
      List<PlacedProfile> layout,
      List<List<PlacedProfile>> found) {
    found.add(layout);
    for (int i = from; i < all.size(); i++) {
      if (fits(board, layout, all.get(i))) {
        extend(board, all, i + 1, with(layout, all.get(i)), found);
      }
    }
  }

  private static boolean fits(Board board, List<PlacedProfile> layout, PlacedProfile next) {
    return Layout.violation(board, with(layout, next)).isEmpty();
  }

  private static List<PlacedProfile> with(List<PlacedProfile> layout, PlacedProfile next) {
    List<PlacedProfile> longer = new ArrayList<>(layout);
    longer.add(next);
    return longer;
  }

  private static int mask(List<PlacedProfile> layout) {
    return layout.stream().mapToInt(p -> p.placement().mask()).reduce(0, (a, b) -> a | b);
  }

  private static PlacedProfile placed(Board board, String text) {
    String[] parts = text.split("@");
    return new PlacedProfile(board.profile(parts[0]).orElseThrow(), Integer.parseInt(parts[1]));
  }
}
