package dev.lamella.core.reclaim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses n slices whose victims together are the cheapest. A pod may hold several of them, so that
 * the best n need not be the n best: all combinations are compared, as long as they are few.
 */
final class WholeChoice {

  private final List<Freed> options;
  private final Collection<Victim> already;
  private final List<DisruptionBudget> budgets;
  private final int mostCombinations;

  private List<Freed> best = List.of();
  private VictimSet bestSet;

  /**
   * @param already victims that go anyway
   */
  WholeChoice(
      List<Freed> options,
      Collection<Victim> already,
      List<DisruptionBudget> budgets,
      int mostCombinations) {
    this.already = already;
    this.budgets = budgets;
    this.mostCombinations = mostCombinations;
    this.options =
        options.stream()
            .sorted(
                Comparator.comparing((Freed option) -> set(List.of(option)), VictimSet.order())
                    .thenComparing(option -> option.slice().slice().uuid()))
            .toList();
  }

  /** The best n options; fewer if there are not so many. */
  List<Freed> choose(int n) {
    if (options.size() < n || combinations(options.size(), n) > mostCombinations) {
      return options.subList(0, Math.min(n, options.size()));
    }
    extend(0, n, new ArrayList<>());
    return best;
  }

  private void extend(int from, int n, List<Freed> chosen) {
    if (chosen.size() == n) {
      VictimSet set = set(chosen);
      if (bestSet == null || VictimSet.order().compare(set, bestSet) < 0) {
        bestSet = set;
        best = List.copyOf(chosen);
      }
      return;
    }
    for (int i = from; i <= options.size() - (n - chosen.size()); i++) {
      chosen.add(options.get(i));
      extend(i + 1, n, chosen);
      chosen.remove(chosen.size() - 1);
    }
  }

  private VictimSet set(List<Freed> chosen) {
    List<Victim> all = new ArrayList<>(already);
    chosen.forEach(option -> all.addAll(option.victims()));
    return VictimSet.of(all, budgets);
  }

  private static long combinations(int k, int n) {
    long count = 1;
    for (int i = 0; i < n; i++) {
      count = count * (k - i) / (i + 1);
      if (count > Integer.MAX_VALUE) {
        return count;
      }
    }
    return count;
  }
}
