package dev.lamella.simulator.apiserver;

import java.util.Set;

/**
 * A kind of object that the server stores.
 *
 * @param group the API group, empty for the core one
 * @param version such as {@code v1}
 * @param plural the path segment, such as {@code pods}
 * @param kind such as {@code Pod}
 */
record ResourceType(
    String group, String version, String plural, String kind, Set<Feature> features) {

  /** What sets one type's handling apart from another's. */
  enum Feature {
    NAMESPACED,
    /** Its status is written through a subresource, and only there. */
    STATUS,
    /** metadata.generation counts changes outside metadata and status. */
    GENERATION,
    /** A DELETE answers with the object rather than with a Status. */
    RETURNS_DELETED,
    /** A PUT must name the resourceVersion that it replaces. */
    VERSION_REQUIRED,
    /** Not built in: list items carry their kind, and there is no strategic merge patch. */
    CUSTOM,
    /** Has the scale subresource over spec.replicas. */
    SCALE
  }

  ResourceType {
    features = Set.copyOf(features);
  }

  boolean has(Feature feature) {
    return features.contains(feature);
  }

  boolean namespaced() {
    return has(Feature.NAMESPACED);
  }

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** As messages name it: {@code pods}, {@code gpunodes.lamella.dev}. */
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  @Override
  public String toString() {
    return qualified();
  }
}
