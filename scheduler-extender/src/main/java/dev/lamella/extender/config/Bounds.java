package dev.lamella.extender.config;

/**
 * Checks numbers. In a class of its own: nested keys use it before {@link ExtenderConfig} has its
 * defaults.
 */
final class Bounds {

  private Bounds() {}

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
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
