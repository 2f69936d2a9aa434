package dev.lamella.extender.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  private static final List<String> HEAD = List.of("NAMESPACE", "POD", "SLICES");

  @Test
  void aNameIsWholeWhereTheLineHasRoom() {
    Table table = new Table(HEAD, List.of(8, 10), 50);
    table.add("team-alpha", "alpha-serving-549475b885-7htln", "-");

    assertThat(table.lines())
        .containsExactly(
            "NAMESPACE   POD                             SLICES",
            "team-alpha  alpha-serving-549475b885-7htln  -");
  }

  @Test
  void whatIsFurthestBeyondItsColumnIsCutFirst() {
    Table table = new Table(HEAD, List.of(8, 10), 40);
    table.add("team-alpha", "alpha-serving-549475b885-7htln", "-");

    assertThat(table.lines())
        .containsExactly(
            "NAMESPACE   POD                   SLICES", "team-alpha  alpha-serving..7htln  -");
  }

  @Test
  void noColumnIsCutBelowItsOwnWidth() {
    Table table = new Table(HEAD, List.of(8, 10), 24);
    table.add("team-alpha", "alpha-serving-549475b885-7htln", "-");

    assertThat(table.lines()).last().isEqualTo("t..alpha  alp..7htln  -");
  }

  @Test
  void aLongLastTextGoesBelowWhereItsColumnIsNarrow() {
    Table table = new Table(HEAD, List.of(8, 10), 40);
    table.add("team-alpha", "alpha-serving-5494", "0/2 nodes are available: 2 no free slice.");

    assertThat(table.lines())
        .containsExactly(
            "NAMESPACE   POD                 SLICES",
            "team-alpha  alpha-serving-5494",
            "    0/2 nodes are available: 2 no free",
            "    slice.");
  }
}
