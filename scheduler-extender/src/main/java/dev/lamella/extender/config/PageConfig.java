package dev.lamella.extender.config;

/**
 * The live map, {@code page}.
 *
 * @param listeners how many may be sent events at once, 1 to 10000 (64)
 * @param listenSeconds after which each has to ask again, with its rights of then, 10 to 86400
 *     (300)
 */
public record PageConfig(Integer listeners, Integer listenSeconds) {

  /** What holds if nothing is said. */
  public static final PageConfig DEFAULTS = new PageConfig(null, null);

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
  public PageConfig {
    listeners = Bounds.within("page.listeners", listeners, 64, 1, 10_000);
    listenSeconds = Bounds.within("page.listenSeconds", listenSeconds, 300, 10, 86_400);
  }
}
