package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Field selectors, and the fields that each type can be selected by. */
final class FieldSelector {

  private static final Pattern REQUIREMENT = Pattern.compile("([\\w.]+)(==|=|!=)(.*)");
  private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");

  /** By plural; as upstream's conversion functions list them. */
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "pods",
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName"),
          "nodes",
          Set.of("spec.unschedulable"),
          "namespaces",
          Set.of("status.phase"),
          "secrets",
          Set.of("type"),
          "events",
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type"));

  private FieldSelector() {}

  /** Reads a query's selector, such as {@code spec.nodeName=gpu-a,status.phase!=Failed}. */
  static Predicate<JsonNode> parse(ResourceType type, String text) {
    Predicate<JsonNode> all = object -> true;
    for (String part : text.isBlank() ? new String[0] : text.split(",")) {
      all = all.and(requirement(type, part.trim()));
    }
    return all;
  }

  private static Predicate<JsonNode> requirement(ResourceType type, String part) {
    Matcher matcher = REQUIREMENT.matcher(part);
    if (!matcher.matches()) {
      throw StatusException.badRequest("invalid selector: '" + part + "'; can't understand it");
    }
    String field = matcher.group(1);
    if (!ALWAYS.contains(field) && !FIELDS.getOrDefault(type.plural(), Set.of()).contains(field)) {
      throw StatusException.badRequest("field label not supported: " + field);
    }
    String value = matcher.group(3);
    boolean wanted = !matcher.group(2).equals("!=");
    return object -> value(object, field).equals(value) == wanted;
  }

  private static String value(JsonNode object, String field) {
    if (field.equals("source")) {
      return object.path("source").path("component").asText("");
    }
    return object.at("/" + field.replace('.', '/')).asText("");
  }
}
