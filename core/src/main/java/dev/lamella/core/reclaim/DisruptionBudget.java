package dev.lamella.core.reclaim;

import java.util.Objects;
import java.util.Set;

/**
 * A PodDisruptionBudget.
 *
 * @param name namespace/name
 * @param allowed how many of its pods may be evicted now
 * @param pods the UIDs that it covers
 */
public record DisruptionBudget(String name, int allowed, Set<String> pods) {

  public DisruptionBudget {
    Objects.requireNonNull(name, "name");
    pods = Set.copyOf(pods);
  }
}
