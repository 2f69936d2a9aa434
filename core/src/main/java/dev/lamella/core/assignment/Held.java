package dev.lamella.core.assignment;

import dev.lamella.core.resource.ResourceName;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * Slices of one resource that a pod was given.
 *
 * @param resource the resource that the pod asked for
 * @param slices UUIDs of the slices, each named once
 * @param shares how many shares of each of them; 0 if they are held whole
 */
public record Held(ResourceName resource, List<String> slices, int shares) {

  public Held {
    Objects.requireNonNull(resource, "resource");
    slices = List.copyOf(slices);
    if (slices.isEmpty() || new HashSet<>(slices).size() != slices.size()) {
      throw new IllegalArgumentException(
          "slices of " + resource + " must be named, each once: " + slices);
    }
    if (resource.shared() ? shares < 1 : shares != 0) {
      throw new IllegalArgumentException(
          "shares of " + resource + " must be " + (resource.shared() ? "1 or more" : "absent"));
    }
  }

  public static Held whole(ResourceName resource, List<String> slices) {
    return new Held(resource, slices, 0);
  }

  public static Held shares(ResourceName resource, String slice, int shares) {
    return new Held(resource, List.of(slice), shares);
  }

  /** How many devices of the resource this is: slices held whole, or shares. */
  public int devices() {
    return resource.shared() ? slices.size() * shares : slices.size();
  }
}
