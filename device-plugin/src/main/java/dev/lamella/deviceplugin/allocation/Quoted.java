package dev.lamella.deviceplugin.allocation;

/** Others' text in our messages: on one line and of bounded length, as a gRPC status must be. */
public final class Quoted {

  private static final int MOST = 80;

  private Quoted() {}

  /** In quotes; what is not printable ASCII becomes a question mark, what is long is cut off. */
  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars().limit(MOST).forEach(c -> quoted.append(c < ' ' || c > '~' ? '?' : (char) c));
    return quoted.append(text.length() > MOST ? "...\"" : "\"").toString();
  }
}
