package dev.lamella.core.reclaim;

import dev.lamella.core.ledger.SliceHold;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which holders of a slice could go together. */
final class Subsets {

  /** A slice in four shares has 16 subsets; one in more than this many is searched by size. */
  private static final int ALL = 8;

  private Subsets() {}

  /** Every subset, the empty one first; of many holders only the largest ones together. */
  static List<List<SliceHold>> of(List<SliceHold> holds) {
    return holds.size() <= ALL ? all(holds) : largest(holds);
  }

  private static List<List<SliceHold>> all(List<SliceHold> holds) {
    List<List<SliceHold>> subsets = new ArrayList<>();
    for (int bits = 0; bits < 1 << holds.size(); bits++) {
      List<SliceHold> subset = new ArrayList<>();
      for (int i = 0; i < holds.size(); i++) {
        if ((bits >> i & 1) == 1) {
          subset.add(holds.get(i));
        }
      }
      subsets.add(subset);
    }
    return subsets;
  }

  /** None, the largest, the two largest and so on, and each alone: few pods free the most. */
  private static List<List<SliceHold>> largest(List<SliceHold> holds) {
    List<SliceHold> bySize =
        holds.stream()
            .sorted(
                Comparator.comparingInt(SliceHold::shares)
                    .reversed()
                    .thenComparing(h -> h.pod().uid()))
            .toList();
    List<List<SliceHold>> subsets = new ArrayList<>();
    for (int i = 0; i <= bySize.size(); i++) {
      subsets.add(bySize.subList(0, i));
    }
    bySize.forEach(hold -> subsets.add(List.of(hold)));
    return subsets;
  }
}
