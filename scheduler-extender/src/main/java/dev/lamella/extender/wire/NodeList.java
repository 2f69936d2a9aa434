package dev.lamella.extender.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whole nodes as they came: their names, and where in the body each stands. */
final class NodeList {

  private static final ByteBuffer COMMA = ascii(",");

  private final Body body;
  private final List<String> names = new ArrayList<>();
  private final List<Body.Extent> items = new ArrayList<>();
  private Body.Extent metadata;
  private String name;

  NodeList(Body body) {
    this.body = body;
  }

  /** Reads a v1 NodeList. */
  static NodeList read(Body body, Fields fields) throws IOException {
    NodeList list = new NodeList(body);
    fields.each(
        "Nodes",
        field -> {
          if (field.equals("items")) {
            fields.eachOf("Nodes.items", index -> list.item(index, fields));
          } else if (field.equals("metadata") && !fields.isNull()) {
            list.metadata = fields.object("Nodes.metadata");
          } else {
            fields.skip();
          }
        });
    return list;
  }

  private void item(int index, Fields fields) throws IOException {
    String what = "Nodes.items[" + index + "]";
    ExtenderArgs.checkCount(index);
    int from = fields.objectStart(what);
    name = "";
    fields.each(
        what,
        field -> {
          if (field.equals("metadata") && !fields.isNull()) {
            fields.each(what + ".metadata", inner -> metadata(what, inner, fields));
          } else {
            fields.skip();
          }
        });
    if (name.isEmpty()) {
      throw new IllegalArgumentException(what + ".metadata.name is needed");
    }
    names.add(name);
    items.add(fields.objectEnd(what, from));
  }

  private void metadata(String what, String field, Fields fields) throws IOException {
    if (field.equals("name")) {
      name = fields.string(what + ".metadata.name", ExtenderArgs.LONGEST_NAME);
    } else {
      fields.skip();
    }
  }

  List<String> names() {
    return List.copyOf(names);
  }

  /** The same list with some of its nodes only, as JSON. */
  List<ByteBuffer> only(List<String> wanted) {
    Set<String> kept = new HashSet<>(wanted);
    List<ByteBuffer> json = new ArrayList<>();
    json.add(ascii("{\"metadata\":"));
    json.add(metadata == null ? ascii("{}") : body.part(metadata));
    json.add(ascii(",\"items\":["));
    boolean first = true;
    for (int i = 0; i < items.size(); i++) {
      if (kept.contains(names.get(i))) {
        if (!first) {
          json.add(COMMA.duplicate());
        }
        first = false;
        json.add(body.part(items.get(i)));
      }
    }
    json.add(ascii("]}"));
    return json;
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
