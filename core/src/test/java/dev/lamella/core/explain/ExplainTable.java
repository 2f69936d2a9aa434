package dev.lamella.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.Scenario;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.reclaim.DisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A scenario, and explanations of its pods as short lines. */
final class ExplainTable {

  private final Scenario scenario;
  private final List<DisruptionBudget> budgets;

  ExplainTable(Scenario scenario, DisruptionBudget... budgets) {
    this.scenario = scenario;
    this.budgets = List.of(budgets);
  }

  Explanation explain(PodFact pod, Viewer viewer, int most, String... offered) {
    Optional<Offer> offer =
        offered.length == 0
            ? Optional.empty()
            : Optional.of(new Offer(List.of(offered), Map.of(), 5, 7));
    return Explainer.explain(
        new Question(pod, scenario.snapshot(), PlacementPolicy.PACK, offer, budgets, 1_000),
        viewer,
        most);
  }

  /** One line a slice: what rules it out, and its holders as the viewer knows them. */
  static String slices(Explanation explanation) {
    return explanation.placement().groups().stream()
        .flatMap(group -> group.shown().stream())
        .flatMap(node -> node.slices().stream())
        .map(ExplainTable::line)
        .collect(Collectors.joining("\n"));
  }

  private static String line(SliceAccount slice) {
    String holders = slice.holders().stream().map(h -> " " + text(h)).collect(Collectors.joining());
    return slice.slice().uuid() + " " + slice.obstacle() + holders;
  }

  static String text(Holder holder) {
    String name = holder.name() == null ? holder.tenant() : holder.name();
    return name
        + (holder.reserved() ? "(reserved)" : "")
        + (holder.reclaim() == null ? "" : "[" + holder.reclaim() + "]");
  }

  /** One line a group: nodes, offered, rule. */
  static String groups(Explanation explanation) {
    return explanation.placement().groups().stream()
        .map(g -> g.nodes() + "/" + g.offered() + " " + (g.fits() ? "fits" : g.rule()))
        .collect(Collectors.joining(", "));
  }

  static void check(String found, String expected) {
    assertThat(found).isEqualTo(expected.strip());
  }
}
