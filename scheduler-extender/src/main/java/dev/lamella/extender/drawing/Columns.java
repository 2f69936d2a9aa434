package dev.lamella.extender.drawing;

import java.util.ArrayList;
import java.util.List;

/** Fits text into columns. */
public final class Columns {

  /** No line is longer. */
  public static final int WIDTH = 100;

  /** How much of a pod's generated end is kept when its name is shortened. */
  private static final int TAIL = 5;

  private static final String GAP = "..";

  private Columns() {}

  /** At most so many characters, with the beginning and the last five kept. */
  public static String shortened(String name, int width) {
    if (name.length() <= width) {
      return name;
    }
    int head = width - TAIL - GAP.length();
    return head < 1
        ? name.substring(0, Math.max(0, width))
        : name.substring(0, head) + GAP + name.substring(name.length() - TAIL);
  }

  /** With spaces behind it, up to a width. */
  public static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** Broken at spaces into lines of at most so many characters; a longer word is cut. */
  public static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
