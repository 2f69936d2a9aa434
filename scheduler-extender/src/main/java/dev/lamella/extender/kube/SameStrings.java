package dev.lamella.extender.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Reads short strings that come again and again as one object: the reports of 5,000 nodes name a
 * profile 280,000 times. That saves memory, and comparing them costs no look at their characters.
 */
final class SameStrings extends StdScalarDeserializer<String> {

  private static final long serialVersionUID = 1;

  /** A power of two. What falls on the same place takes turns: nothing grows. */
  private static final int PLACES = 4096;

  private static final int LONGEST = 32;

  private final transient AtomicReferenceArray<String> places = new AtomicReferenceArray<>(PLACES);

  SameStrings() {
    super(String.class);
  }

  @Override
  public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return StringDeserializer.instance.deserialize(parser, context);
    }
    return same(parser.getText());
  }

  private String same(String text) {
    if (text.length() > LONGEST) {
      return text;
    }
    int hash = text.hashCode();
    int place = (hash ^ hash >>> 16) & PLACES - 1;
    String known = places.get(place);
    if (text.equals(known)) {
      return known;
    }
    places.set(place, text);
    return text;
  }
}
