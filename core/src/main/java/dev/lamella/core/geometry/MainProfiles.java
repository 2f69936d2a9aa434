package dev.lamella.core.geometry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** The profiles that cut a board without extras: no media engines, no double memory. */
final class MainProfiles {

  private static final Comparator<Profile> PLAINEST =
      Comparator.comparingInt(Profile::size)
          .thenComparing(Comparator.comparingInt(Profile::maxInstances).reversed())
          .thenComparing(Profile::name);

  private MainProfiles() {}

  /** Of each number of compute slices the smallest profile of which most instances may stand. */
  static List<Profile> of(Board board) {
    TreeMap<Integer, Profile> byCompute = new TreeMap<>();
    for (Profile profile : board.profiles()) {
      byCompute.merge(
          profile.computeSlices(), profile, (a, b) -> PLAINEST.compare(a, b) <= 0 ? a : b);
    }
    return List.copyOf(new ArrayList<>(byCompute.values()));
  }
}
