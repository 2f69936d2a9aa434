package dev.lamella.extender.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.extender.config.WebhookConfig;
import java.util.List;

/** Where pods that ask for slices go: the bundled scheduler, and GPU nodes. */
final class Destination {

  /** What the API server writes where nobody named a scheduler. */
  static final String DEFAULT_SCHEDULER = "default-scheduler";

  private static final String TERMS = "nodeSelectorTerms";
  private static final String EXPRESSIONS = "matchExpressions";
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Destination() {}

  /** Sends the pod to the scheduler, unless it is to go there already. */
  static void scheduler(WebhookConfig settings, JsonNode pod, JsonPatch patch) {
    String wanted = settings.schedulerName();
    if (!wanted.isEmpty() && !wanted.equals(pod.path("spec").path("schedulerName").asText())) {
      patch.add("/spec/schedulerName", wanted);
    }
  }

  /** Adds the tolerations that the pod lacks. */
  static void tolerations(WebhookConfig settings, JsonNode pod, JsonPatch patch) {
    JsonNode present = pod.path("spec").path("tolerations");
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    present.forEach(all::add);
    int before = all.size();
    settings.tolerations().forEach(toleration -> addMissing(all, JSON.valueToTree(toleration)));
    if (all.size() > before) {
      patch.add("/spec/tolerations", all);
    }
  }

  private static void addMissing(ArrayNode all, JsonNode wanted) {
    for (JsonNode each : all) {
      if (each.equals(wanted)) {
        return;
      }
    }
    all.add(wanted);
  }

  /**
   * Adds the requirements to each of the pod's alternatives. An alternative without any requirement
   * matches no node, and stays so.
   */
  static void affinity(WebhookConfig settings, JsonNode pod, JsonPatch patch) {
    List<WebhookConfig.Requirement> wanted = settings.nodeAffinity();
    if (wanted.isEmpty()) {
      return;
    }
    JsonNode before = pod.path("spec").path("affinity");
    ObjectNode after =
        before.isObject() ? before.deepCopy() : JsonNodeFactory.instance.objectNode();
    ObjectNode required = child(child(after, "nodeAffinity"), REQUIRED);
    if (required.path(TERMS).isEmpty()) {
      required.putArray(TERMS).addObject().putArray(EXPRESSIONS);
      require(required.path(TERMS).get(0), wanted);
    } else {
      for (JsonNode term : required.path(TERMS)) {
        if (!term.path(EXPRESSIONS).isEmpty() || !term.path("matchFields").isEmpty()) {
          require(term, wanted);
        }
      }
    }
    if (!after.equals(before)) {
      patch.add("/spec/affinity", after);
    }
  }

  private static ObjectNode child(ObjectNode parent, String name) {
    return parent.path(name) instanceof ObjectNode present ? present : parent.putObject(name);
  }

  private static void require(JsonNode term, List<WebhookConfig.Requirement> wanted) {
    ArrayNode expressions =
        term.path(EXPRESSIONS) instanceof ArrayNode present
            ? present
            : ((ObjectNode) term).putArray(EXPRESSIONS);
    wanted.forEach(requirement -> addMissing(expressions, JSON.valueToTree(requirement)));
  }
}
