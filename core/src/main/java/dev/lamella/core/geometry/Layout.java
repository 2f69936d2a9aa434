package dev.lamella.core.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which instances may stand together on one GPU. */
public final class Layout {

  private Layout() {}

  /**
   * The first rule that a list of instances breaks, in the order in which they are listed.
   *
   * @return empty if the layout is legal
   */
  public static Optional<LayoutViolation> violation(Board board, List<PlacedProfile> instances) {
    List<PlacedProfile> accepted = new ArrayList<>();
    for (PlacedProfile next : instances) {
      Optional<LayoutViolation> broken = broken(board, accepted, next);
      if (broken.isPresent()) {
        return broken;
      }
      accepted.add(next);
    }
    return Optional.empty();
  }

  private static Optional<LayoutViolation> broken(
      Board board, List<PlacedProfile> accepted, PlacedProfile next) {
    Profile profile = next.profile();
    if (!profile.mayStartAt(next.start())) {
      return violation(
          next,
          LayoutViolation.Rule.ILLEGAL_START,
          "on %s a %s starts at one of %s"
              .formatted(board.model(), profile.name(), profile.starts()));
    }
    for (PlacedProfile other : accepted) {
      if (other.placement().overlaps(next.placement())) {
        return violation(
            next,
            LayoutViolation.Rule.OVERLAP,
            "its memory slices %s overlap those of %s, %s"
                .formatted(span(next), other, span(other)));
      }
    }
    return broken(board, accepted, next, profile);
  }

  private static Optional<LayoutViolation> broken(
      Board board, List<PlacedProfile> accepted, PlacedProfile next, Profile profile) {
    long same = accepted.stream().filter(other -> other.profile().equals(profile)).count();
    if (same + 1 > profile.maxInstances()) {
      return violation(
          next,
          LayoutViolation.Rule.TOO_MANY_INSTANCES,
          "%s holds at most %d of %s"
              .formatted(board.model(), profile.maxInstances(), profile.name()));
    }
    int compute = accepted.stream().mapToInt(other -> other.profile().computeSlices()).sum();
    if (compute + profile.computeSlices() > board.computeSlices()) {
      return violation(
          next,
          LayoutViolation.Rule.TOO_MANY_COMPUTE_SLICES,
          "with it %d compute slices are used, %s has %d"
              .formatted(compute + profile.computeSlices(), board.model(), board.computeSlices()));
    }
    return Optional.empty();
  }

  private static String span(PlacedProfile placed) {
    Placement placement = placed.placement();
    return placement.start() + ".." + (placement.end() - 1);
  }

  private static Optional<LayoutViolation> violation(
      PlacedProfile slice, LayoutViolation.Rule rule, String detail) {
    return Optional.of(new LayoutViolation(slice, rule, detail));
  }
}
