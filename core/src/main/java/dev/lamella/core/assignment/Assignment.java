package dev.lamella.core.assignment;

import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a pod was given when it was bound: per resource, not per container (which container got
 * which device is the kubelet's to say).
 *
 * <p>Its text is JSON: {@code
 * {"v":1,"boundAt":1795303295446,"held":[{"resource":"nvidia.com/mig-1g.5gb","slices":["MIG-..."]},
 * {"resource":"nvidia.com/mig-1g.5gb.shared","slices":["MIG-..."],"shares":1}]}}. One resource may
 * stand in several entries. Unknown fields are passed over.
 *
 * @param boundAt when the bind was decided, in milliseconds since the epoch, by the extender's
 *     clock
 * @param held what it holds
 */
public record Assignment(long boundAt, List<Held> held) {

  /** The version written; the only one read. */
  public static final int VERSION = 1;

  /** Longest text that is read, in characters: an annotation is a tenant's to write. */
  public static final int MAX_TEXT = 64 * 1024;

  public Assignment {
    held = List.copyOf(held);
  }

  /** How many devices of a resource this gives. */
  public int devices(ResourceName resource) {
    return held.stream().filter(h -> h.resource().equals(resource)).mapToInt(Held::devices).sum();
  }

  /**
   * Reads an assignment's text.
   *
   * @throws IllegalArgumentException naming the field, what it holds and what would be right
   */
  public static Assignment parse(String text) {
    if (text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "assignment of %d characters, at most %d".formatted(text.length(), MAX_TEXT));
    }
    Map<?, ?> root = expect(Map.class, JsonReader.read(text), "assignment", "an object");
    Object version = root.get("v");
    if (!Long.valueOf(VERSION).equals(version)) {
      throw new IllegalArgumentException("v is " + version + ", expected " + VERSION);
    }
    long boundAt = expect(Long.class, root.get("boundAt"), "boundAt", "milliseconds");
    List<Held> held = new ArrayList<>();
    for (Object entry : expect(List.class, root.get("held"), "held", "a list")) {
      held.add(held(expect(Map.class, entry, "held[" + held.size() + "]", "an object")));
    }
    return new Assignment(boundAt, held);
  }

  private static Held held(Map<?, ?> entry) {
    String name = expect(String.class, entry.get("resource"), "resource", "a resource name");
    ResourceName resource =
        ResourceName.parse(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "resource is \""
                            + name
                            + "\", expected one such as nvidia.com/mig-1g.5gb"));
    List<String> slices = new ArrayList<>();
    for (Object slice : expect(List.class, entry.get("slices"), "slices", "a list of UUIDs")) {
      slices.add(expect(String.class, slice, "slices", "a list of UUIDs"));
    }
    long shares =
        entry.get("shares") == null
            ? 0
            : expect(Long.class, entry.get("shares"), "shares", "a number");
    return new Held(resource, slices, Math.toIntExact(Math.min(shares, Integer.MAX_VALUE)));
  }

  private static <T> T expect(Class<T> type, Object value, String field, String right) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(field + " is " + value + ", expected " + right);
    }
    return type.cast(value);
  }

  /** The text that {@link #parse} reads. */
  public String text() {
    StringBuilder json = new StringBuilder("{\"v\":").append(VERSION);
    json.append(",\"boundAt\":").append(boundAt).append(",\"held\":[");
    for (int i = 0; i < held.size(); i++) {
      Held h = held.get(i);
      json.append(i == 0 ? "" : ",").append("{\"resource\":");
      quote(json, h.resource().text());
      json.append(",\"slices\":[");
      for (int k = 0; k < h.slices().size(); k++) {
        json.append(k == 0 ? "" : ",");
        quote(json, h.slices().get(k));
      }
      json.append(']');
      if (h.resource().shared()) {
        json.append(",\"shares\":").append(h.shares());
      }
      json.append('}');
    }
    return json.append("]}").toString();
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    text.codePoints()
        .forEach(
            c -> {
              if (c < 0x20 || c == '"' || c == '\\') {
                json.append("\\u%04x".formatted(c));
              } else {
                json.appendCodePoint(c);
              }
            });
    json.append('"');
  }
}
