package dev.lamella.core.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.lamella.core.Scenario;
import dev.lamella.core.ScenarioTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodPlacerTest {

  @Test
  void sharesFillTheFullestSliceAndOpenANewOneOnlyThen() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 1g.5gb@1", "1g.5gb@0"),
        """
        bind b/p1 mig-1g.5gb.shared*1 a | a/1/1g.5gb@0 x1
        bind b/p2 mig-1g.5gb.shared*2 a | a/1/1g.5gb@0 x2
        bind b/p3 mig-1g.5gb.shared*2 a | a/0/1g.5gb@0 x2
        bind b/p4 mig-1g.5gb.shared*1 a | a/1/1g.5gb@0 x1
        bind b/p5 mig-1g.5gb.shared*1 a | a/0/1g.5gb@0 x1
        free nvidia.com/mig-1g.5gb a    | 1
        """);
  }

  @Test
  void sharesThatAreToLieApartTakeOneOfEachSlice() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 1g.5gb@1"),
        """
        bind b/p1 mig-1g.5gb.shared*1 a       | a/0/1g.5gb@0 x1
        bind b/p2 mig-1g.5gb.shared*3 a apart | no free share of a 1g.5gb slice
        bind b/p3 mig-1g.5gb.shared*2 a apart | a/0/1g.5gb@0 x1 a/0/1g.5gb@1 x1
        bind b/p4 mig-1g.5gb.shared*2 a       | a/0/1g.5gb@0 x2
        """);
  }

  @Test
  void wholeSlicesAreTakenWhereTheLeastIsLeftFree() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2", "1g.5gb@0 1g.5gb@1"),
        """
        bind a/p1 mig-1g.5gb*1 a | a/1/1g.5gb@0
        bind a/p2 mig-1g.5gb*1 a | a/1/1g.5gb@1
        bind a/p3 mig-1g.5gb*2 a | a/0/1g.5gb@0+a/0/1g.5gb@1
        bind a/p4 mig-1g.5gb*2 a | no free 1g.5gb slice
        bind a/p5 mig-1g.5gb*1 a | a/0/1g.5gb@2
        """);
  }

  @Test
  void theSlicesOfOnePodLieOnOneGpuWherePossible() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 3g.20gb@4", "1g.5gb@0 1g.5gb@1 2g.10gb@2"),
        """
        bind a/p1 mig-1g.5gb*1,mig-2g.10gb*1 a | a/0/1g.5gb@0 a/1/2g.10gb@2
        bind a/p2 mig-1g.5gb*2 a               | a/1/1g.5gb@0+a/1/1g.5gb@1
        """);
  }

  @Test
  void spreadTakesTheEmptiestFirst() {
    ScenarioTable.check(
        new Scenario()
            .policy(PlacementPolicy.SPREAD)
            .node("a", "1g.5gb@0 1g.5gb@1 1g.5gb@2", "1g.5gb@0 1g.5gb@1"),
        """
        bind a/p1 mig-1g.5gb*1 a        | a/0/1g.5gb@0
        bind a/p2 mig-1g.5gb*1 a        | a/0/1g.5gb@1
        bind a/p3 mig-1g.5gb*1 a        | a/1/1g.5gb@0
        bind b/p4 mig-1g.5gb.shared*1 a | a/0/1g.5gb@2 x1
        bind b/p5 mig-1g.5gb.shared*1 a | a/1/1g.5gb@1 x1
        bind b/p6 mig-1g.5gb.shared*2 a | a/0/1g.5gb@2 x2
        """);
  }

  /**
   * Both GPUs have three 1g slices free. At 2 of the first and at 0 of the second no 2g could start
   * any more; every other slice would cost the start of one. Packing cannot tell them apart.
   */
  @Test
  void fragmentationTakesWhereTheFewestStartsAreLost() {
    String open = "1g.5gb@0 1g.5gb@1 1g.5gb@2 1g.5gb@3 3g.20gb@4";
    ScenarioTable.check(
        new Scenario()
            .policy(PlacementPolicy.FRAGMENTATION)
            .node("a", open, open)
            .pinned("x", "a", "a/1/3g.20gb@4")
            .pinned("y", "a", "a/1/1g.5gb@1")
            .pinned("z", "a", "a/0/3g.20gb@4")
            .pinned("w", "a", "a/0/1g.5gb@3"),
        """
        bind a/p1 mig-1g.5gb*1 a        | a/0/1g.5gb@2
        bind a/p2 mig-1g.5gb*1 a        | a/1/1g.5gb@0
        """);
  }

  @Test
  void theScoresOfAPolicyLeaveOneNodeOnTop() {
    Fit half = new Fit(1, 1, 0, 0, 0, 3, 3, "half");
    Fit full = new Fit(1, 1, 0, 0, 0, 1, 1, "full");
    Fit twin = new Fit(1, 1, 0, 0, 0, 1, 1, "twin");
    List<Fit> fits = List.of(half, twin, full);

    assertThat(NodeScores.of(fits, PlacementPolicy.PACK))
        .containsExactly(entry("full", 10), entry("twin", 6), entry("half", 3));
    assertThat(NodeScores.of(fits, PlacementPolicy.SPREAD))
        .containsExactly(entry("half", 10), entry("full", 6), entry("twin", 3));
  }

  @Test
  void aSliceIsNeverInTwoModes() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 1g.5gb@1"),
        """
        bind a/p1 mig-1g.5gb*1 a        | a/0/1g.5gb@0
        bind b/p2 mig-1g.5gb.shared*1 a | a/0/1g.5gb@1 x1
        bind a/p3 mig-1g.5gb*1 a        | no free 1g.5gb slice
        bind b/p4 mig-1g.5gb.shared*4 a | no free share of a 1g.5gb slice
        """);
  }

  @Test
  void theSharesOfOneContainerLieOnOneSliceWherePossible() {
    ScenarioTable.check(
        new Scenario().node("a", "1g.5gb@0 1g.5gb@1"),
        """
        bind b/p1 mig-1g.5gb.shared*2 a                       | a/0/1g.5gb@0 x2
        bind b/p2 mig-1g.5gb.shared*1,mig-1g.5gb.shared*3 a   | a/0/1g.5gb@1 x4
        bind b/p3 mig-1g.5gb.shared*2 a                       | a/0/1g.5gb@0 x2
        """);
  }

  @Test
  void aNodeThatCannotServeSaysWhy() {
    ScenarioTable.check(
        new Scenario().node("a", "3g.20gb@0"),
        """
        bind a/p1 mig-1g.5gb*1 a        | no 1g.5gb slice on the node
        bind a/p2 mig-1g.5gb*1 b        | node has no GPUs that Lamella manages
        bind a/p3 mig-3g.20gb*1 a       | a/0/3g.20gb@0
        bind b/p4 mig-3g.20gb.shared*1 a | no free share of a 3g.20gb slice
        """);
  }
}
