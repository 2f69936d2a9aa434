package dev.lamella.core.geometry;

import java.util.Comparator;

/** One instance of a profile at a start, written {@code 1g.5gb@0}. */
public record PlacedProfile(Profile profile, int start) implements Comparable<PlacedProfile> {

  private static final Comparator<PlacedProfile> ORDER =
      Comparator.comparing(PlacedProfile::placement).thenComparing(placed -> placed.profile.name());

  public Placement placement() {
    return new Placement(start, profile.size());
  }

  @Override
  public int compareTo(PlacedProfile other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return profile.name() + "@" + start;
  }
}
