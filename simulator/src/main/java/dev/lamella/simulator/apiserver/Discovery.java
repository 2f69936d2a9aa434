package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the server says about itself and its types. */
final class Discovery {

  /** The release whose rules are followed. */
  private static final String VERSION = "v1.36.3";

  /** What kubectl takes for a type beside its name. */
  private static final Map<String, String> SHORT_NAMES =
      Map.ofEntries(
          Map.entry("namespaces", "ns"),
          Map.entry("nodes", "no"),
          Map.entry("pods", "po"),
          Map.entry("resourcequotas", "quota"),
          Map.entry("configmaps", "cm"),
          Map.entry("events", "ev"),
          Map.entry("limitranges", "limits"),
          Map.entry("serviceaccounts", "sa"),
          Map.entry("services", "svc"),
          Map.entry("deployments", "deploy"),
          Map.entry("replicasets", "rs"),
          Map.entry("poddisruptionbudgets", "pdb"),
          Map.entry("priorityclasses", "pc"),
          Map.entry("networkpolicies", "netpol"),
          Map.entry("horizontalpodautoscalers", "hpa"));

  /** What {@code kubectl get all} means. */
  private static final Set<String> ALL =
      Set.of("pods", "services", "deployments", "replicasets", "jobs", "horizontalpodautoscalers");

  private Discovery() {}

  /**
   * @param segments the path's
   * @return empty if the path is none of discovery's
   */
  static Optional<ObjectNode> answer(List<String> segments) {
    String first = segments.isEmpty() ? "" : segments.get(0);
    int size = segments.size();
    if (first.equals("version") && size == 1) {
      return Optional.of(version());
    }
    if (first.equals("api") && size <= 2) {
      return size == 1 ? Optional.of(coreVersions()) : resources("", segments.get(1));
    }
    if (first.equals("apis") && size <= 3) {
      return switch (size) {
        case 1 -> Optional.of(groups());
        case 2 ->
            groupNames().contains(segments.get(1))
                ? Optional.of(
                    group(segments.get(1)).put("kind", "APIGroup").put("apiVersion", "v1"))
                : Optional.empty();
        default -> resources(segments.get(1), segments.get(2));
      };
    }
    return Optional.empty();
  }

  private static ObjectNode version() {
    String[] parts = VERSION.substring(1).split("\\.");
    ObjectNode version = object();
    version.put("major", parts[0]).put("minor", parts[1]).put("gitVersion", VERSION);
    version.put("gitCommit", "embedded").put("gitTreeState", "clean").put("buildDate", "");
    version.put("goVersion", "").put("compiler", "").put("platform", "embedded");
    return version;
  }

  private static ObjectNode coreVersions() {
    ObjectNode versions = object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return versions;
  }

  private static List<String> groupNames() {
    return ResourceTypes.ALL.stream()
        .map(ResourceType::group)
        .filter(group -> !group.isEmpty())
        .distinct()
        .toList();
  }

  private static ObjectNode groups() {
    ObjectNode list = object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    groupNames().forEach(name -> groups.add(group(name)));
    return list;
  }

  private static ObjectNode group(String name) {
    ResourceType type =
        ResourceTypes.ALL.stream().filter(t -> t.group().equals(name)).findFirst().orElseThrow();
    ObjectNode version = object();
    version.put("groupVersion", type.apiVersion()).put("version", type.version());
    ObjectNode group = object().put("name", name);
    group.putArray("versions").add(version);
    group.set("preferredVersion", version);
    return group;
  }

  private static Optional<ObjectNode> resources(String group, String version) {
    ObjectNode list = object().put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : ResourceTypes.ALL) {
      if (type.group().equals(group) && type.version().equals(version)) {
        called(resource(resources.addObject(), type, type.plural()), type.plural())
            .putArray("verbs")
            .add("create")
            .add("delete")
            .add("deletecollection")
            .add("get")
            .add("list")
            .add("patch")
            .add("update")
            .add("watch");
        if (type.has(ResourceType.Feature.STATUS)) {
          resource(resources.addObject(), type, type.plural() + "/status")
              .putArray("verbs")
              .add("get")
              .add("patch")
              .add("update");
        }
      }
    }
    return resources.isEmpty() ? Optional.empty() : Optional.of(list);
  }

  private static ObjectNode resource(ObjectNode resource, ResourceType type, String name) {
    resource.put("name", name).put("singularName", type.kind().toLowerCase(Locale.ROOT));
    return resource.put("namespaced", type.namespaced()).put("kind", type.kind());
  }

  private static ObjectNode called(ObjectNode resource, String plural) {
    if (SHORT_NAMES.containsKey(plural)) {
      resource.putArray("shortNames").add(SHORT_NAMES.get(plural));
    }
    if (ALL.contains(plural)) {
      resource.putArray("categories").add("all");
    }
    return resource;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
