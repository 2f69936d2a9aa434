package dev.lamella.extender.config;

import java.time.Duration;

/**
 * The key {@code staleness}.
 *
 * @param limitSeconds how old what a watch shows may be before nothing is decided on it (60).
 *     Watches last half of it, so that one that hangs is mended before
 */
public record StalenessConfig(Integer limitSeconds) {

  public static final StalenessConfig DEFAULTS = new StalenessConfig(null);

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
  public StalenessConfig {
    limitSeconds = Bounds.within("staleness.limitSeconds", limitSeconds, 60, 3, 3600);
  }

  public Duration limit() {
    return Duration.ofSeconds(limitSeconds);
  }
}
