package dev.lamella.extender.wire;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What bind is asked. */
public record BindingArgs(String podName, String podNamespace, String podUid, String node) {

  private static final int LONGEST = 1024;

  /**
   * @throws IllegalArgumentException naming what is missing
   */
  public BindingArgs {
    if (empty(podName) || empty(podNamespace) || empty(podUid) || empty(node)) {
      throw new IllegalArgumentException("PodName, PodNamespace, PodUID and Node are needed");
    }
  }

  private static boolean empty(String text) {
    return text == null || text.isEmpty();
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException naming what is missing or wrong
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is no JSON
   */
  public static BindingArgs read(WireJson json, Body body) throws IOException {
    Map<String, String> met = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Fields.read(
        json,
        body,
        fields ->
            name -> {
              switch (name.toLowerCase(Locale.ROOT)) {
                case "podname", "podnamespace", "poduid", "node" ->
                    met.put(name, fields.string(name, LONGEST));
                default -> fields.skip();
              }
            });
    return new BindingArgs(
        met.get("PodName"), met.get("PodNamespace"), met.get("PodUID"), met.get("Node"));
  }
}
