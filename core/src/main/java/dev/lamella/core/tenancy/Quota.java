package dev.lamella.core.tenancy;

import dev.lamella.core.amount.Cap;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What a tenant was promised and how far it may go.
 *
 * @param guaranteed the promise; empty if there is none
 * @param limit never exceeded by a bind
 * @param profiles at most this many slices of a profile at once, shares counted as fractions
 * @param pods at most this many pods at once; empty for any number
 */
public record Quota(
    Optional<Cap> guaranteed, Cap limit, Map<String, Integer> profiles, OptionalInt pods) {

  public static final Quota NONE = new Quota(Optional.empty(), Cap.UNLIMITED, Map.of());

  public Quota {
    Objects.requireNonNull(guaranteed, "guaranteed");
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(pods, "pods");
    profiles = Collections.unmodifiableMap(new TreeMap<>(profiles));
    if (guaranteed.isPresent() && !guaranteed.get().within(limit)) {
      throw new IllegalArgumentException(
          "quota.guaranteed (%s) is above quota.limit (%s)".formatted(guaranteed.get(), limit));
    }
    if (pods.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "quota.pods is %d, expected 0 or more".formatted(pods.getAsInt()));
    }
  }

  /** A quota that does not count pods. */
  public Quota(Optional<Cap> guaranteed, Cap limit, Map<String, Integer> profiles) {
    this(guaranteed, limit, profiles, OptionalInt.empty());
  }
}
