package dev.lamella.core.geometry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one GPU can hold, as counts of instances per profile.
 *
 * <p>A pattern is maximal if no other contains it. The 19 maximal layouts of a seven-slice board
 * have 14 different patterns; two of them (a 3g at 0 and what fits beside it) are contained in
 * those with the 3g at 4, which leaves 12. Every set of instances that fits on one GPU is part of
 * one of them, so they are all that an exact packing has to choose from.
 */
public final class Patterns {

  private Patterns() {}

  /** The maximal patterns in ascending order; each counts instances per profile of the tables. */
  public static List<List<Integer>> maximal(Occupancy table) {
    Set<List<Integer>> all = reachable(table);
    List<List<Integer>> maximal = new ArrayList<>();
    for (List<Integer> pattern : all) {
      if (all.stream().noneMatch(other -> contains(other, pattern))) {
        maximal.add(pattern);
      }
    }
    maximal.sort(Patterns::compare);
    return List.copyOf(maximal);
  }

  /** The most compute slices that instances which do not overlap take together. */
  static int mostComputeSlices(Occupancy table) {
    int most = 0;
    for (List<Integer> pattern : reachable(table)) {
      int compute = 0;
      for (int profile = 0; profile < pattern.size(); profile++) {
        compute += pattern.get(profile) * table.profiles().get(profile).computeSlices();
      }
      most = Math.max(most, compute);
    }
    return most;
  }

  private static Set<List<Integer>> reachable(Occupancy table) {
    Set<State> seen = new HashSet<>();
    explore(table, new State(0, Collections.nCopies(table.profiles().size(), 0)), seen);
    Set<List<Integer>> patterns = new TreeSet<>(Patterns::compare);
    seen.forEach(state -> patterns.add(state.counts()));
    return patterns;
  }

  private static void explore(Occupancy table, State from, Set<State> seen) {
    if (!seen.add(from)) {
      return;
    }
    for (int profile = 0; profile < table.profiles().size(); profile++) {
      List<Integer> counts = new ArrayList<>(from.counts());
      counts.set(profile, counts.get(profile) + 1);
      for (int open = table.openStarts(profile, from.mask()); open != 0; open &= open - 1) {
        int span = table.span(profile, Integer.numberOfTrailingZeros(open));
        explore(table, new State(from.mask() | span, List.copyOf(counts)), seen);
      }
    }
  }

  private static boolean contains(List<Integer> larger, List<Integer> smaller) {
    for (int profile = 0; profile < smaller.size(); profile++) {
      if (larger.get(profile) < smaller.get(profile)) {
        return false;
      }
    }
    return !larger.equals(smaller);
  }

  private static int compare(List<Integer> left, List<Integer> right) {
    for (int profile = 0; profile < left.size(); profile++) {
      int order = Integer.compare(left.get(profile), right.get(profile));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private record State(int mask, List<Integer> counts) {}
}
