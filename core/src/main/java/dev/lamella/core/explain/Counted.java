package dev.lamella.core.explain;

/** Numbers of things, for people. */
public final class Counted {

  private Counted() {}

  /** Such as {@code 1 node} and {@code 3 nodes}. */
  public static String of(int count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
