package dev.lamella.deviceplugin.config;

import dev.lamella.core.resource.ListedProfiles;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.container.Delivery;
import dev.lamella.deviceplugin.naming.MigStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the operator asks of a node; {@link SettingsFile} says how it is written.
 *
 * @param migStrategy what slices are called
 * @param alsoListed profiles besides {@link ListedProfiles} that the scheduler is told of
 * @param shares by profile, and {@value #DEFAULT} for the others; {@value #LEAST} to {@value #MOST}
 *     each. More than sixteen is refused: nobody has measured how a slice behaves under more.
 * @param containers how containers get their devices
 * @param nodeLabels whether the Node is labelled as GPU feature discovery does
 * @param topology whether devices say which NUMA node they are on
 */
public record Settings(
    MigStrategy migStrategy,
    Set<String> alsoListed,
    Map<String, Integer> shares,
    DriverSettings driver,
    HealthSettings health,
    UsageSettings usage,
    Delivery containers,
    boolean nodeLabels,
    boolean topology) {

  static final String DEFAULT = "default";
  static final int LEAST = 1;
  static final int MOST = 16;

  private static final int DEFAULT_SHARES = 4;

  /**
   * @throws WrongInput naming the field, its value and what would be right
   */
  public Settings {
    alsoListed = Set.copyOf(alsoListed);
    shares = Map.copyOf(shares);
    alsoListed.forEach(profile -> checkProfile("alsoListed", profile, "3g.39gb"));
    shares.forEach(Settings::check);
  }

  /** What holds without a file. */
  public static Settings defaults() {
    return new Settings(
        MigStrategy.MIXED,
        Set.of(),
        Map.of(),
        DriverSettings.defaults(),
        HealthSettings.defaults(),
        UsageSettings.defaults(),
        Delivery.DEFAULT,
        false,
        false);
  }

  /** Into how many shares a slice of a profile is cut. */
  public int sharesOf(String profile) {
    Integer own = shares.get(profile);
    return own != null ? own : shares.getOrDefault(DEFAULT, DEFAULT_SHARES);
  }

  /** Whether the scheduler is told of a profile's resources. */
  public boolean listed(String profile) {
    return ListedProfiles.contains(profile) || alsoListed.contains(profile);
  }

  /** These, with what a running daemon cannot change as it was. */
  public Settings since(Settings started) {
    return new Settings(
        started.migStrategy,
        alsoListed,
        shares,
        started.driver,
        health,
        started.usage,
        containers,
        nodeLabels,
        topology);
  }

  /** Keys that differ and that a running daemon cannot change, ascending. */
  public List<String> fixedKeysOtherThan(Settings started) {
    List<String> keys = new ArrayList<>();
    if (!driver.equals(started.driver)) {
      keys.add("driver");
    }
    if (migStrategy != started.migStrategy) {
      keys.add("migStrategy");
    }
    if (!usage.equals(started.usage)) {
      keys.add("usage");
    }
    return keys;
  }

  private static void check(String profile, int count) {
    if (!profile.equals(DEFAULT)) {
      checkProfile("shares." + profile, profile, "1g.5gb, gpu or default");
    }
    if (count < LEAST || count > MOST) {
      throw new WrongInput(
          "shares.%s is %d, expected %d to %d".formatted(profile, count, LEAST, MOST));
    }
  }

  private static void checkProfile(String key, String profile, String right) {
    try {
      ResourceName.shared(profile);
    } catch (IllegalArgumentException e) {
      String what = key.endsWith(profile) ? "no profile" : "\"" + profile + "\" is no profile";
      throw new WrongInput("%s: %s; expected one such as %s".formatted(key, what, right), e);
    }
  }
}
