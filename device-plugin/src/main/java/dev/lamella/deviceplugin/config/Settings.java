package dev.lamella.deviceplugin.config;

import dev.lamella.core.resource.ResourceName;
import java.util.Map;

/**
 * The configuration file:
 *
 * <pre>{@code
 * shares:            # into how many shares a slice is cut when it is shared
 *   default: 4       # profiles not named here
 *   1g.5gb: 2
 *   gpu: 16          # a GPU with MIG off
 * driver: {everySeconds: 5, deadlineSeconds: 60}
 * health: {recoverAfterSeconds: 300, ignoreXids: [], watchXids: []}
 * usage: {everySeconds: 10, podMemory: true}
 * }</pre>
 *
 * Profiles are spelled as the driver does ({@code 1g.10gb+me}).
 *
 * @param shares by profile, and {@value #DEFAULT} for the others; {@value #LEAST} to {@value #MOST}
 *     each. More than sixteen is refused: nobody has measured how a slice behaves under more.
 */
public record Settings(
    Map<String, Integer> shares,
    DriverSettings driver,
    HealthSettings health,
    UsageSettings usage) {

  static final String DEFAULT = "default";
  static final int LEAST = 1;
  static final int MOST = 16;

  private static final int DEFAULT_SHARES = 4;

  /**
   * @throws WrongInput naming the field, its value and what would be right
   */
  public Settings {
    shares = Map.copyOf(shares);
    shares.forEach(Settings::check);
  }

  /** What holds without a file. */
  public static Settings defaults() {
    return new Settings(
        Map.of(), DriverSettings.defaults(), HealthSettings.defaults(), UsageSettings.defaults());
  }

  /** Into how many shares a slice of a profile is cut. */
  public int sharesOf(String profile) {
    Integer own = shares.get(profile);
    return own != null ? own : shares.getOrDefault(DEFAULT, DEFAULT_SHARES);
  }

  private static void check(String profile, int count) {
    if (!profile.equals(DEFAULT)) {
      try {
        ResourceName.shared(profile);
      } catch (IllegalArgumentException e) {
        throw new WrongInput(
            "shares.%s: no profile; expected one such as 1g.5gb, gpu or default".formatted(profile),
            e);
      }
    }
    if (count < LEAST || count > MOST) {
      throw new WrongInput(
          "shares.%s is %d, expected %d to %d".formatted(profile, count, LEAST, MOST));
    }
  }
}
