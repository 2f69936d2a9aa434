package dev.lamella.core.reclaim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Chooses n slices whose victims together are the cheapest. A pod may hold several of them, so that
 * the best n need not be the n best: all combinations are compared, as long as they are few.
 */
final class WholeChoice {

  private final List<Freed> options;
  private final Collection<Victim> already;
  private final Claims claims;
  private final int mostCombinations;

  private List<Freed> best = List.of();
  private VictimSet bestSet;

  /**
   * @param already victims that go anyway
   */
  WholeChoice(
      List<Freed> options, Collection<Victim> already, Claims claims, int mostCombinations) {
    this.already = already;
    this.claims = claims;
    this.mostCombinations = mostCombinations;
    this.options =
        options.stream()
            .sorted(
                Comparator.comparing(
                        (Freed option) -> set(List.of(option)).orElseThrow(), VictimSet.order())
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
      set(chosen).filter(this::better).ifPresent(set -> take(set, chosen));
      return;
    }
    for (int i = from; i <= options.size() - (n - chosen.size()); i++) {
      chosen.add(options.get(i));
      extend(i + 1, n, chosen);
      chosen.remove(chosen.size() - 1);
    }
  }

  private boolean better(VictimSet set) {
    return bestSet == null || VictimSet.order().compare(set, bestSet) < 0;
  }

  private void take(VictimSet set, List<Freed> chosen) {
    bestSet = set;
    best = List.copyOf(chosen);
  }

  private Optional<VictimSet> set(List<Freed> chosen) {
    List<Victim> all = new ArrayList<>(already);
    chosen.forEach(option -> all.addAll(option.victims()));
    return claims.together(all);
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
