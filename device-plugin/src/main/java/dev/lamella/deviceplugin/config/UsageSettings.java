package dev.lamella.deviceplugin.config;

/**
 * What is measured of slices.
 *
 * @param everySeconds between two measurements; 1 or more
 * @param podMemory whether memory is told by pod, where the daemon sees the host's processes
 */
public record UsageSettings(int everySeconds, boolean podMemory) {

  private static final int TEN_SECONDS = 10;

  /**
   * @throws WrongInput naming the field, its value and what would be right
   */
  public UsageSettings {
    if (everySeconds < 1) {
      throw new WrongInput("usage.everySeconds is %d, expected 1 or more".formatted(everySeconds));
    }
  }

  /** What holds without a file. */
  static UsageSettings defaults() {
    return new UsageSettings(TEN_SECONDS, true);
  }
}
