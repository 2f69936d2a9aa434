package dev.lamella.extender.log;

/** Values of key=value pairs. */
public final class LogValue {

  private static final int LONGEST = 300;

  private LogValue() {}

  /**
   * The value as it stands, or in quotes if it would not read as one value otherwise. What names
   * clients send is not to be trusted: control characters are escaped, long values cut.
   */
  public static String of(Object value) {
    String text = String.valueOf(value);
    boolean plain = !text.isEmpty() && text.length() <= LONGEST;
    for (int i = 0; i < text.length() && plain; i++) {
      char c = text.charAt(i);
      plain = c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
    }
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder line = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else {
        append(line, c);
      }
    }
    return line.append(text.length() > LONGEST ? "...\"" : "\"").toString();
  }

  /** A whole message, so that it stays one line. */
  static String line(String message) {
    StringBuilder line = new StringBuilder(message.length());
    for (int i = 0; i < message.length(); i++) {
      append(line, message.charAt(i));
    }
    return line.toString();
  }

  private static void append(StringBuilder line, char c) {
    switch (c) {
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        // Line separators, and what turns the direction of the rest of the line.
        boolean hidden = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
        boolean separator = c == '\u2028' || c == '\u2029';
        line.append(hidden || separator ? "\\u%04x".formatted((int) c) : String.valueOf(c));
      }
    }
  }
}
