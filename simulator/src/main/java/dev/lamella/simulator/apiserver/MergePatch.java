package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * JSON Merge Patch, RFC 7386, and Kubernetes' strategic form of it, in which some lists are merged
 * by a key.
 */
final class MergePatch {

  /**
   * Lists that a strategic patch merges, by field name, with the key of their entries. Every other
   * list is replaced. Upstream takes this from its types; a field name is enough for the types
   * here, except {@code ports}, which are merged by containerPort in pods and by port in services.
   */
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("containers", "name"),
          Map.entry("initContainers", "name"),
          Map.entry("ephemeralContainers", "name"),
          Map.entry("env", "name"),
          Map.entry("volumes", "name"),
          Map.entry("volumeMounts", "mountPath"),
          Map.entry("conditions", "type"),
          Map.entry("addresses", "type"),
          Map.entry("ownerReferences", "uid"),
          Map.entry("imagePullSecrets", "name"),
          Map.entry("taints", "key"),
          Map.entry("schedulingGates", "name"));

  private static final String DIRECTIVE = "$patch";

  private MergePatch() {}

  /** Changes the target; null in the patch removes. */
  static JsonNode apply(JsonNode target, JsonNode patch) {
    return merge(target, patch, false);
  }

  /** Like {@link #apply}, merging lists by key; knows {@code $patch: delete} and replace. */
  static JsonNode strategic(JsonNode target, JsonNode patch) {
    return merge(target, patch, true);
  }

  private static JsonNode merge(JsonNode target, JsonNode patch, boolean strategic) {
    if (!patch.isObject()) {
      return patch.deepCopy();
    }
    ObjectNode result =
        target instanceof ObjectNode object ? object : ((ObjectNode) patch.deepCopy()).removeAll();
    if (strategic && patch.path(DIRECTIVE).asText().equals("replace")) {
      result.removeAll();
    }
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      field(result, entry.getKey(), entry.getValue(), strategic);
    }
    return result;
  }

  private static void field(ObjectNode result, String name, JsonNode value, boolean strategic) {
    if (strategic && name.startsWith("$")) {
      return;
    }
    JsonNode old = result.get(name);
    if (value.isNull()) {
      result.remove(name);
    } else if (strategic && value.isArray() && KEYS.containsKey(name)) {
      ArrayNode merged = old instanceof ArrayNode array ? array : result.arrayNode();
      value.forEach(entry -> entry(merged, KEYS.get(name), entry));
      result.set(name, merged);
    } else {
      result.set(name, merge(old, value, strategic));
    }
  }

  private static void entry(ArrayNode list, String key, JsonNode patch) {
    int at = 0;
    while (at < list.size() && !list.get(at).path(key).equals(patch.path(key))) {
      at++;
    }
    if (patch.path(DIRECTIVE).asText().equals("delete")) {
      if (at < list.size()) {
        list.remove(at);
      }
    } else if (at < list.size()) {
      list.set(at, merge(list.get(at), patch, true));
    } else {
      list.add(merge(null, patch, true));
    }
  }
}
