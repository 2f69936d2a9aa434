package dev.lamella.simulator.demo;

/** Fits names into columns. */
final class Names {

  /** How much of a pod's generated end is kept when its name is shortened. */
  private static final int TAIL = 5;

  private static final String GAP = "..";

  private Names() {}

  /** At most so many characters, with the beginning and the last five kept. */
  static String shortened(String name, int width) {
    if (name.length() <= width) {
      return name;
    }
    int head = width - TAIL - GAP.length();
    return head < 1
        ? name.substring(0, Math.max(0, width))
        : name.substring(0, head) + GAP + name.substring(name.length() - TAIL);
  }

  static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
