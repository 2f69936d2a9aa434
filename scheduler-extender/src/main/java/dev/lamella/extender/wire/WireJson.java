package dev.lamella.extender.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads and writes the wire's JSON, within bounds. For any thread. */
public final class WireJson {

  private static final int LONGEST_NUMBER = 100;
  private static final int LONGEST_NAME = 8192;

  private final JsonFactory raw;
  private final ObjectMapper mapper;

  /**
   * @param maxDepth objects and arrays inside each other at most
   * @param maxString characters of a string at most
   */
  public WireJson(int maxDepth, int maxString) {
    StreamReadConstraints bounds =
        StreamReadConstraints.builder()
            .maxNestingDepth(maxDepth)
            .maxStringLength(maxString)
            .maxNumberLength(LONGEST_NUMBER)
            .maxNameLength(LONGEST_NAME)
            .build();
    this.raw = factory(bounds).disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();
    this.mapper =
        JsonMapper.builder(factory(bounds).build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
  }

  /** Names that a client makes up must not stay in the JVM's table of strings. */
  private static JsonFactoryBuilder factory(StreamReadConstraints bounds) {
    return new JsonFactoryBuilder()
        .streamReadConstraints(bounds)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES);
  }

  /**
   * A parser of the bytes as Latin-1, so that its character offsets are byte offsets: JSON's own
   * characters are ASCII. It does not collect field names, however many there are. Texts that
   * matter are decoded by {@link #text}.
   */
  JsonParser parser(Body body) throws IOException {
    return raw.createParser(
        new InputStreamReader(
            new ByteArrayInputStream(body.bytes(), 0, body.length()), StandardCharsets.ISO_8859_1));
  }

  /** The current string, as UTF-8. */
  static String text(JsonParser parser) throws IOException {
    return utf8(parser.getText());
  }

  static String utf8(String latin1) {
    for (int i = 0; i < latin1.length(); i++) {
      char c = latin1.charAt(i);
      if (c >= 0x80 && c <= 0xff) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return latin1;
  }

  <T> T read(Body body, Body.Extent part, Class<T> type) throws IOException {
    return mapper.readValue(body.bytes(), part.from(), part.length(), type);
  }

  /** A reply. */
  public byte[] write(Object reply) throws JsonProcessingException {
    return mapper.writeValueAsBytes(reply);
  }
}
