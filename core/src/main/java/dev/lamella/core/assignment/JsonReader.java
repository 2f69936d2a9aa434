package dev.lamella.core.assignment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON into maps, lists, strings, longs, booleans and null. The core stands on the JDK alone,
 * which has no JSON; numbers with a fraction or exponent have no place in an assignment.
 */
final class JsonReader {

  private static final int MAX_DEPTH = 16;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException with the position, if the text is not such JSON
   */
  static Object read(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value(0);
    reader.skipSpace();
    if (reader.at < text.length()) {
      throw reader.error("nothing more");
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw error("at most " + MAX_DEPTH + " levels");
    }
    skipSpace();
    char c = peek();
    if (c == '{') {
      return object(depth);
    } else if (c == '[') {
      return array(depth);
    } else if (c == '"') {
      return string();
    } else if (c == '-' || Character.isDigit(c)) {
      return number();
    }
    return word();
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    take('{');
    if (takeIf('}')) {
      return fields;
    }
    do {
      skipSpace();
      String name = string();
      take(':');
      fields.put(name, value(depth + 1));
    } while (takeIf(','));
    take('}');
    return fields;
  }

  private List<Object> array(int depth) {
    List<Object> items = new ArrayList<>();
    take('[');
    if (takeIf(']')) {
      return items;
    }
    do {
      items.add(value(depth + 1));
    } while (takeIf(','));
    take(']');
    return items;
  }

  private String string() {
    take('"');
    StringBuilder out = new StringBuilder();
    while (peek() != '"') {
      char c = next();
      if (c < 0x20) {
        throw error("no control character in a string");
      }
      out.append(c == '\\' ? escape() : c);
    }
    at++;
    return out.toString();
  }

  private char escape() {
    char c = next();
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    if (c != 'u' || at + 4 > text.length()) {
      throw error("an escape such as \\n");
    }
    String hex = text.substring(at, at + 4);
    if (!hex.matches("[0-9a-fA-F]{4}")) {
      throw error("four hexadecimal digits");
    }
    at += 4;
    return (char) Integer.parseInt(hex, 16);
  }

  private Long number() {
    int from = at;
    at++;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    try {
      return Long.valueOf(text.substring(from, at));
    } catch (NumberFormatException e) {
      throw error("a whole number");
    }
  }

  private Object word() {
    if (text.startsWith("true", at)) {
      at += 4;
      return true;
    } else if (text.startsWith("false", at)) {
      at += 5;
      return false;
    } else if (text.startsWith("null", at)) {
      at += 4;
      return null;
    }
    throw error("a value");
  }

  private void take(char wanted) {
    skipSpace();
    if (peek() != wanted) {
      throw error("'" + wanted + "'");
    }
    at++;
  }

  private boolean takeIf(char wanted) {
    skipSpace();
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private char peek() {
    if (at >= text.length()) {
      throw error("more");
    }
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException error(String wanted) {
    return new IllegalArgumentException("not JSON at character " + at + ": expected " + wanted);
  }
}
