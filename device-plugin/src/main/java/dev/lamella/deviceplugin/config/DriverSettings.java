package dev.lamella.deviceplugin.config;

/**
 * How NVML is asked.
 *
 * @param everySeconds between two looks at what there is; 1 or more
 * @param deadlineSeconds how long NVML may take before it counts as hanging; 1 or more
 */
public record DriverSettings(int everySeconds, int deadlineSeconds) {

  /**
   * @throws WrongInput naming the field, its value and what would be right
   */
  public DriverSettings {
    check("everySeconds", everySeconds);
    check("deadlineSeconds", deadlineSeconds);
  }

  /** What holds without a file; opening NVML wakes every GPU, which may take half a minute. */
  static DriverSettings defaults() {
    return new DriverSettings(5, 60);
  }

  private static void check(String field, int seconds) {
    if (seconds < 1) {
      throw new WrongInput("driver.%s is %d, expected 1 or more".formatted(field, seconds));
    }
  }
}
