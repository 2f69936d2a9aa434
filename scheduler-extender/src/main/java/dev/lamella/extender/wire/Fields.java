package dev.lamella.extender.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lamella.extender.kube.PodJson;
import java.io.IOException;
import java.util.function.Supplier;

/** Walks over the fields of one JSON value after another. */
final class Fields {

  /** The API server takes objects of half this size at most. */
  static final int LARGEST_OBJECT = 3 << 20;

  private final WireJson json;
  private final Body body;
  private final JsonParser parser;

  /** Takes a field; the parser stands on its value, and must be left at the value's end. */
  interface Taker {
    void take(String name) throws IOException;
  }

  private Fields(WireJson json, Body body, JsonParser parser) {
    this.json = json;
    this.body = body;
    this.parser = parser;
  }

  /** What reads a request, given its fields. */
  interface Reading {
    Taker with(Fields fields);
  }

  /**
   * Reads a body that is one object.
   *
   * @throws IllegalArgumentException if it is not
   */
  static void read(WireJson json, Body body, Reading reading) throws IOException {
    try (JsonParser parser = json.parser(body)) {
      Fields fields = new Fields(json, body, parser);
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new IllegalArgumentException("the body is empty, expected a JSON object");
      }
      fields.each("the body", reading.with(fields));
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("something follows the body's JSON object");
      }
    }
  }

  JsonParser parser() {
    return parser;
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  /** Each field of the object that the parser stands on. */
  void each(String what, Taker taker) throws IOException {
    expect(JsonToken.START_OBJECT, what, "an object");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      taker.take(WireJson.utf8(name));
    }
  }

  /** A step of a list; the parser stands on the element. */
  interface Step {
    void take(int index) throws IOException;
  }

  /** Each element of the list that the parser stands on; none if it is null. */
  void eachOf(String what, Step step) throws IOException {
    if (isNull()) {
      return;
    }
    expect(JsonToken.START_ARRAY, what, "a list");
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      step.take(i);
    }
  }

  void skip() throws IOException {
    parser.skipChildren();
  }

  /** The object that the parser stands on, by its place in the body. */
  Body.Extent object(String what) throws IOException {
    int from = objectStart(what);
    parser.skipChildren();
    return objectEnd(what, from);
  }

  int objectStart(String what) {
    expect(JsonToken.START_OBJECT, what, "an object");
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  /** After the object's end has been reached. */
  Body.Extent objectEnd(String what, int from) {
    int to = (int) parser.currentLocation().getCharOffset();
    if (to - from > LARGEST_OBJECT) {
      throw new IllegalArgumentException(
          "%s is %d bytes long, expected at most %d".formatted(what, to - from, LARGEST_OBJECT));
    }
    return new Body.Extent(from, to);
  }

  /** The pod that the parser stands on; null if there is none. */
  PodJson pod(String what) throws IOException {
    return isNull() ? null : json.read(body, object(what), PodJson.class);
  }

  /** The string that the parser stands on; null is the empty one, as in Go. */
  String string(String what, int longest) throws IOException {
    return string(() -> what, longest);
  }

  /** As {@link #string(String, int)}, where the name is only put together to complain. */
  String string(Supplier<String> what, int longest) throws IOException {
    if (isNull()) {
      return "";
    }
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new IllegalArgumentException("%s is not a string".formatted(what.get()));
    }
    String text = WireJson.text(parser);
    if (text.length() > longest) {
      throw new IllegalArgumentException(
          "%s is %d characters long, expected at most %d"
              .formatted(what.get(), text.length(), longest));
    }
    return text;
  }

  /** The int64 that the parser stands on; null is 0, as in Go. */
  long integer(String what) throws IOException {
    if (isNull()) {
      return 0;
    }
    expect(JsonToken.VALUE_NUMBER_INT, what, "a whole number");
    return parser.getLongValue();
  }

  private void expect(JsonToken token, String what, String expected) {
    if (parser.currentToken() != token) {
      throw new IllegalArgumentException("%s is not %s".formatted(what, expected));
    }
  }
}
