package dev.lamella.deviceplugin.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What differs on some nodes.
 *
 * @param names of nodes; empty: any
 * @param labels that a node must all have; empty: any
 * @param keys of the file that take the place of those for all nodes
 */
record NodeEntry(Set<String> names, Map<String, String> labels, ObjectNode keys) {

  private static final String NAMES = "names";
  private static final String LABELS = "labels";

  /**
   * @param name where the entry stands, such as nodes[0]
   * @param allowed the keys of the file that may differ
   * @throws WrongInput if it selects no nodes, or has a key that is not allowed
   */
  static NodeEntry read(String name, JsonNode entry, List<String> allowed) {
    Section section = new Section(name, entry);
    List<String> keys = new ArrayList<>(allowed);
    keys.addAll(List.of(LABELS, NAMES));
    section.allowOnly(keys);
    Set<String> names = Set.copyOf(section.texts(NAMES).orElse(List.of()));
    Map<String, String> labels = section.words(LABELS);
    if (names.isEmpty() && labels.isEmpty()) {
      throw new WrongInput(name + " names no nodes, expected names or labels");
    }
    ObjectNode differing = entry.deepCopy();
    differing.remove(List.of(NAMES, LABELS));
    return new NodeEntry(names, labels, differing);
  }

  boolean matches(Optional<String> node, Map<String, String> has) {
    boolean named = names.isEmpty() || node.filter(names::contains).isPresent();
    return named && has.entrySet().containsAll(labels.entrySet());
  }

  /** The file with these keys in it; of a mapping, only what stands here is replaced. */
  ObjectNode over(ObjectNode file) {
    return merged(file, keys);
  }

  private static ObjectNode merged(ObjectNode onto, ObjectNode more) {
    ObjectNode merged = onto.deepCopy();
    for (Map.Entry<String, JsonNode> field : more.properties()) {
      JsonNode before = merged.get(field.getKey());
      boolean both = before instanceof ObjectNode && field.getValue() instanceof ObjectNode;
      merged.set(
          field.getKey(),
          both ? merged((ObjectNode) before, (ObjectNode) field.getValue()) : field.getValue());
    }
    return merged;
  }
}
