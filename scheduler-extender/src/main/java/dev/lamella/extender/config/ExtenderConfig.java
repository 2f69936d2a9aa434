package dev.lamella.extender.config;

import dev.lamella.core.placement.PlacementPolicy;
import java.util.Arrays;
import java.util.List;

/**
 * The configuration file. Keys that are left out have the defaults given here.
 *
 * @param maxBodyMiB largest request that is read, in MiB (32: a list of 5,000 whole nodes is 30)
 * @param maxConcurrentRequests requests worked on at once; more wait (64)
 * @param placementPolicy {@code pack}, {@code spread} or {@code fragmentation} (pack)
 * @param page the live map
 */
public record ExtenderConfig(
    Integer maxBodyMiB, Integer maxConcurrentRequests, String placementPolicy, PageConfig page) {

  public static final ExtenderConfig DEFAULTS = new ExtenderConfig(null, null, null, null);

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
  public ExtenderConfig {
    maxBodyMiB = within("maxBodyMiB", maxBodyMiB, 32, 1, 1024);
    maxConcurrentRequests = within("maxConcurrentRequests", maxConcurrentRequests, 64, 1, 4096);
    placementPolicy = placementPolicy == null ? PlacementPolicy.PACK.text() : placementPolicy;
    policy(placementPolicy);
    page = page == null ? PageConfig.DEFAULTS : page;
  }

  /** The largest request that is read, in bytes. */
  public int maxBodyBytes() {
    return maxBodyMiB << 20;
  }

  /** The placement policy. */
  public PlacementPolicy policy() {
    return policy(placementPolicy);
  }

  private static PlacementPolicy policy(String text) {
    List<String> names =
        Arrays.stream(PlacementPolicy.values()).map(PlacementPolicy::text).toList();
    int at = names.indexOf(text);
    if (at < 0) {
      throw new IllegalArgumentException(
          "placementPolicy is %s, expected one of %s".formatted(text, names));
    }
    return PlacementPolicy.values()[at];
  }

  static int within(String key, Integer value, int unset, int least, int most) {
    if (value == null) {
      return unset;
    }
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, expected %d to %d".formatted(key, value, least, most));
    }
    return value;
  }
}
