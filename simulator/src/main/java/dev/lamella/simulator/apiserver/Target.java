package dev.lamella.simulator.apiserver;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a path names.
 *
 * @param namespace empty for cluster-scoped types and for all namespaces
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record Target(ResourceType type, String namespace, String name, String subresource) {

  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

  /**
   * @param segments the path's, decoded, from {@code api} or {@code apis} on
   * @return empty if there is no such resource
   */
  static Optional<Target> parse(List<String> segments) {
    boolean core = segments.get(0).equals("api");
    int from = core ? 2 : 3;
    if (segments.size() <= from) {
      return Optional.empty();
    }
    String group = core ? "" : segments.get(1);
    List<String> rest = segments.subList(from, segments.size());
    return parse(group, segments.get(from - 1), rest);
  }

  private static Optional<Target> parse(String group, String version, List<String> rest) {
    boolean inNamespace =
        rest.size() > 2
            && rest.get(0).equals("namespaces")
            && !NAMESPACE_SUBRESOURCES.contains(rest.get(2));
    String namespace = inNamespace ? rest.get(1) : "";
    List<String> own = inNamespace ? rest.subList(2, rest.size()) : rest;
    if (own.size() > 3 || own.stream().anyMatch(String::isEmpty)) {
      return Optional.empty();
    }
    String name = own.size() > 1 ? own.get(1) : "";
    String subresource = own.size() > 2 ? own.get(2) : "";
    return ResourceTypes.byPath(group, version, own.get(0))
        .filter(type -> inNamespace ? type.namespaced() : !type.namespaced() || name.isEmpty())
        .map(type -> new Target(type, namespace, name, subresource));
  }

  boolean collection() {
    return name.isEmpty();
  }
}
